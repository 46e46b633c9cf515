// The officer's page: ticking clocks, a sound and a title for unanswered requests, and a loud
// warning when the page is not live any more.
"use strict";

(() => {
  const STALE_AFTER = 15000;
  const watch = document.getElementById("watch");
  if (!watch) return;
  const title = document.title;
  const pulse = () => document.getElementById("pulse");
  let lastSeen = Date.now();
  let skew = 0;
  let signedOut = false;
  let audio = null;
  let beat = 0;

  function learn() {
    const element = pulse();
    if (!element) return;
    skew = Date.parse(element.dataset.now) - Date.now();
    stillLive();
  }

  function stillLive() {
    lastSeen = Date.now();
    signedOut = false;
    document.getElementById("last-seen").textContent = new Date(lastSeen + skew).toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });
    tick();
  }

  function span(milliseconds) {
    const seconds = Math.max(0, Math.floor(Math.abs(milliseconds) / 1000));
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const text = parts.map((part) => String(part).padStart(2, "0"));
    const days = Math.floor(parts[0] / 24);
    if (days > 2) return `${days} d`;
    return parts[0] ? text.join(":") : text.slice(1).join(":");
  }

  function tickClocks(now) {
    document.querySelectorAll("[data-since]").forEach((each) => {
      each.textContent = span(now - Date.parse(each.dataset.since));
    });
    document.querySelectorAll("[data-due]").forEach((each) => {
      const left = Date.parse(each.dataset.due) - now;
      each.textContent = span(left);
      const clock = each.closest(".clock");
      clock.classList.toggle("clock-late", left < 0);
      const label = clock.querySelector("[data-due-label]");
      label.textContent = left < 0 ? label.dataset.over : label.dataset.left;
    });
  }

  function waiting() {
    const element = pulse();
    return element ? Number(element.dataset.waiting) : 0;
  }

  function beep() {
    [0, 0.28].forEach((at, index) => {
      const tone = audio.createOscillator();
      const loudness = audio.createGain();
      tone.frequency.value = index ? 660 : 880;
      loudness.gain.setValueAtTime(0.0001, audio.currentTime + at);
      loudness.gain.exponentialRampToValueAtTime(0.5, audio.currentTime + at + 0.03);
      loudness.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + at + 0.24);
      tone.connect(loudness).connect(audio.destination);
      tone.start(audio.currentTime + at);
      tone.stop(audio.currentTime + at + 0.25);
    });
  }

  const ready = () => audio !== null && audio.state === "running";

  function showSound() {
    const button = document.getElementById("sound");
    document.getElementById("sound-off").hidden = ready();
    if (ready()) {
      button.querySelector("span").textContent = button.dataset.ready;
      button.classList.add("button-quiet");
    }
  }

  function openSound() {
    audio = audio || new AudioContext();
    audio.resume().then(showSound).catch(() => undefined);
    showSound();
  }

  function tick() {
    const now = Date.now();
    const stale = now - lastSeen > STALE_AFTER || !navigator.onLine;
    const count = waiting();
    tickClocks(now + skew);
    document.body.classList.toggle("offline", stale || signedOut);
    document.getElementById("offline").hidden = !stale || signedOut;
    document.getElementById("signed-out").hidden = !signedOut;
    const seconds = Math.floor((now - lastSeen) / 1000);
    document.getElementById("last-seen-ago").textContent =
      seconds < 7 ? watch.dataset.live : watch.dataset.ago.replace("{n}", seconds);
    beat += 1;
    const alarm = stale || signedOut ? "⚠ OFFLINE" : `(${count}) ${watch.dataset.titleAlert}`;
    const loud = count > 0 || stale || signedOut;
    document.title = loud && beat % 2 ? alarm : title;
    if (loud && ready() && beat % 3 === 0) beep();
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "pulse") return;
    const good = event.detail.xhr.status === 200 && event.detail.serverResponse.includes('id="pulse"');
    event.detail.shouldSwap = good;
    if (event.detail.xhr.status === 401) signedOut = true;
  });
  document.addEventListener("htmx:afterSwap", learn);
  // No content: nothing has changed since the page was drawn, which is as good as news.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr.status === 204) stillLive();
  });
  document.getElementById("sound").addEventListener("click", () => {
    openSound();
    if (ready()) beep();
  });
  document.addEventListener("click", openSound, { once: true });

  // While the page is visible htmx polls by itself; while it is hidden, the worker wakes it.
  const worker = new Worker("/static/js/ticker.js");
  worker.onmessage = () => {
    tick();
    if (window.htmx && Date.now() - lastSeen > 6000) window.htmx.trigger(document.body, "pulse");
    if (!window.htmx && Date.now() - lastSeen > 10000 && navigator.onLine) window.location.reload();
  };
  openSound();
  learn();
})();
