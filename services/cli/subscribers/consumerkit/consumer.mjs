// Reads the events of the Huixin subscription «@NAME@»: each once, in order, and none missed.
//
//   npm install amqplib
//   HUIXIN_SECRET=… node consumer.mjs

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import amqp from "amqplib";

const user = "subscriber-@NAME@";
const queue = "subscriber.@NAME@";
const secret = process.env.HUIXIN_SECRET;
const broker = new URL(process.env.HUIXIN_BROKER ?? "@BROKER@");
const api = process.env.HUIXIN_API ?? "@API@/api/accounts/v1/subscriptions/@ID@";
const store = process.env.HUIXIN_STORE ?? "@NAME@.json";
const heartbeat = "accounts.subscription-heartbeat.v1";
const confirmEvery = 100;

if (!secret) throw new Error("set HUIXIN_SECRET");

let place = stored();

// Yours to write. The place is kept after it: if the process dies in between, the event comes again,
// so let it have the same effect twice (its `id` stays the same).
async function handle(event) {
  console.log(JSON.stringify(event));
}

function stored() {
  try {
    return JSON.parse(readFileSync(store, "utf8")).number;
  } catch (error) {
    if (error.code === "ENOENT") return 0;
    throw error;
  }
}

async function take(event) {
  const number = Number(event.subscriptionsequence);
  if (number !== place + 1) return;
  await handle(event);
  writeFileSync(`${store}.new`, JSON.stringify({ number }));
  renameSync(`${store}.new`, store);
  place = number;
}

async function catchUp(to) {
  while (place < to) {
    const page = await ask("GET", `/events?after=${place}&limit=200`);
    for (const event of page.items) await take(event);
  }
}

async function ask(method, path, body) {
  const basic = Buffer.from(`${user}:${secret}`).toString("base64");
  const headers = { Authorization: `Basic ${basic}`, "Content-Type": "application/json" };
  const answer = await fetch(api + path, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function onMessage(message) {
  const event = JSON.parse(message.content.toString());
  if (event.type === heartbeat) {
    await catchUp(event.data.last);
    await ask("PUT", "/checkpoint", { number: place });
    return;
  }
  const number = Number(event.subscriptionsequence);
  await catchUp(number - 1);
  await take(event);
  if (number % confirmEvery === 0) await ask("PUT", "/checkpoint", { number: place });
}

broker.username = user;
broker.password = secret;
const connection = await amqp.connect(broker.href, { clientProperties: { product: "huixin-sample" } });
connection.on("close", () => process.exit(1));
const channel = await connection.createChannel();
await channel.prefetch(100);
let turn = Promise.resolve();
await channel.consume(queue, (message) => {
  if (message === null) process.exit(1); // the queue is gone
  turn = turn.then(() => onMessage(message)).then(() => channel.ack(message));
  turn.catch((error) => {
    console.error(error);
    process.exit(1); // whatever was not acknowledged comes again
  });
});
console.error(`reading ${queue} from number ${place + 1}`);
