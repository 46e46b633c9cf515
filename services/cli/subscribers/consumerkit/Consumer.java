// Reads the events of the Huixin subscription «@NAME@»: each once, in order, and none missed.
//
//   Libraries: com.rabbitmq:amqp-client, com.fasterxml.jackson.core:jackson-databind
//   HUIXIN_SECRET=… java -cp … Consumer

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.CancelCallback;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DeliverCallback;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.Map;

public final class Consumer {
  private static final String USER = "subscriber-@NAME@";
  private static final String QUEUE = "subscriber.@NAME@";
  private static final String HEARTBEAT = "accounts.subscription-heartbeat.v1";
  private static final int CONFIRM_EVERY = 100;

  private final String secret = System.getenv("HUIXIN_SECRET");
  private final String broker = setting("HUIXIN_BROKER", "@BROKER@");
  private final String api =
      setting("HUIXIN_API", "@API@/api/accounts/v1/subscriptions/@ID@");
  private final Path store = Path.of(setting("HUIXIN_STORE", "@NAME@.place"));
  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private long place;

  public static void main(String[] arguments) throws Exception {
    new Consumer().run();
  }

  /**
   * Yours to write. The place is kept after it: if the process dies in between, the event comes
   * again, so let it have the same effect twice (its id stays the same).
   */
  private void handle(JsonNode event) {
    System.out.println(event);
    System.out.flush();
  }

  private void run() throws Exception {
    place = Files.exists(store) ? Long.parseLong(Files.readString(store).trim()) : 0;
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker);
    factory.setUsername(USER);
    factory.setPassword(secret);
    // Whatever was not acknowledged comes again after a restart, which the supervisor sees to.
    factory.setAutomaticRecoveryEnabled(false);
    Connection connection = factory.newConnection("huixin-sample");
    connection.addShutdownListener(reason -> Runtime.getRuntime().halt(1));
    Channel channel = connection.createChannel();
    channel.basicQos(100);
    DeliverCallback deliver =
        (tag, message) -> {
          try {
            onMessage(json.readTree(message.getBody()));
            channel.basicAck(message.getEnvelope().getDeliveryTag(), false);
          } catch (Exception failure) {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
          }
        };
    CancelCallback gone = tag -> Runtime.getRuntime().halt(1);
    channel.basicConsume(QUEUE, false, deliver, gone);
    System.err.println("reading " + QUEUE + " from number " + (place + 1));
  }

  private void onMessage(JsonNode event) throws IOException, InterruptedException {
    if (event.get("type").asText().equals(HEARTBEAT)) {
      catchUp(event.get("data").get("last").asLong());
      confirm();
      return;
    }
    long number = event.get("subscriptionsequence").asLong();
    catchUp(number - 1);
    take(event);
    if (number % CONFIRM_EVERY == 0) {
      confirm();
    }
  }

  private void take(JsonNode event) throws IOException {
    long number = event.get("subscriptionsequence").asLong();
    if (number != place + 1) {
      return;
    }
    handle(event);
    Path next = store.resolveSibling(store.getFileName() + ".new");
    Files.writeString(next, Long.toString(number));
    Files.move(
        next, store, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    place = number;
  }

  private void catchUp(long to) throws IOException, InterruptedException {
    while (place < to) {
      for (JsonNode event : ask("GET", "/events?after=" + place + "&limit=200", null).get("items")) {
        take(event);
      }
    }
  }

  private void confirm() throws IOException, InterruptedException {
    ask("PUT", "/checkpoint", json.writeValueAsString(Map.of("number", place)));
  }

  private JsonNode ask(String method, String path, String body)
      throws IOException, InterruptedException {
    byte[] pair = (USER + ":" + secret).getBytes(StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(api + path))
            .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
    }
    return json.readTree(answer.body());
  }

  private static String setting(String name, String otherwise) {
    return System.getenv().getOrDefault(name, otherwise);
  }
}
