// Receives messages of Shanhai Match and verifies them. Java 17, JDK only.
//   WEBHOOK_SECRET=whsec_... PORT=4000 java Receiver.java

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Receiver {
  private static final long TOLERANCE_S = 5 * 60;
  private static final int BODY_MAX = 64 * 1024;
  private static final int SEEN_MAX = 10_000;

  private static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);

  /** Ids that were handled. Keep them in your database, in the transaction that does the work. */
  private static final Map<String, Boolean> SEEN =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > SEEN_MAX;
        }
      };

  private final byte[] key;

  private Receiver(String secret) {
    key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
  }

  /** Why a message is refused; null if it is genuine. `body` are the bytes as they came, before any parsing. */
  private String refusal(Headers headers, byte[] body, long nowS) throws GeneralSecurityException {
    String id = headers.getFirst("webhook-id");
    String timestamp = headers.getFirst("webhook-timestamp");
    String signatures = headers.getFirst("webhook-signature");
    if (id == null || timestamp == null || signatures == null) return "a webhook header is missing";
    if (!timestamp.matches("[0-9]{1,12}")) return "the timestamp is no number";
    if (Math.abs(nowS - Long.parseLong(timestamp)) > TOLERANCE_S) return "the timestamp is more than 5 minutes off";
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
    byte[] expected = mac.doFinal(body);
    // One signature for each key: two for 24 hours after a rotation. Other schemes than v1 are passed over.
    for (String signature : signatures.split(" ")) {
      if (!signature.startsWith("v1,")) continue;
      try {
        // isEqual takes the same time wherever the first difference lies.
        if (MessageDigest.isEqual(Base64.getDecoder().decode(signature.substring(3)), expected)) return null;
      } catch (IllegalArgumentException notBase64) {
        continue;
      }
    }
    return "no signature fits";
  }

  /** `json` is `{"type": ..., "timestamp": ..., "data": {...}}`; read it with the JSON library you have. */
  private static void handle(String id, String json) {
    synchronized (SEEN) {
      if (SEEN.containsKey(id)) {
        OUT.println("repeat " + id);
        return;
      }
      OUT.println("new " + id + " " + json);
      SEEN.put(id, true);
    }
  }

  private int statusFor(HttpExchange exchange) throws IOException, GeneralSecurityException {
    if (!exchange.getRequestMethod().equals("POST")) return 405;
    byte[] body = exchange.getRequestBody().readNBytes(BODY_MAX + 1);
    if (body.length > BODY_MAX) return 413;
    String reason = refusal(exchange.getRequestHeaders(), body, System.currentTimeMillis() / 1000);
    if (reason != null) {
      OUT.println("refused: " + reason);
      return 400;
    }
    handle(exchange.getRequestHeaders().getFirst("webhook-id"), new String(body, UTF_8));
    return 204;
  }

  private void answer(HttpExchange exchange) throws IOException {
    int status = 500;
    try (exchange) {
      try {
        status = statusFor(exchange);
      } catch (GeneralSecurityException | RuntimeException error) {
        // Anything but 2xx: the message comes again later.
        OUT.println("failed: " + error);
      }
      exchange.sendResponseHeaders(status, -1);
    }
  }

  public static void main(String[] args) throws IOException {
    String secret = System.getenv().getOrDefault("WEBHOOK_SECRET", "");
    if (!secret.startsWith("whsec_")) {
      System.err.println("set WEBHOOK_SECRET to the secret of the endpoint, whsec_...");
      System.exit(1);
    }
    int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "4000"));
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", new Receiver(secret)::answer);
    server.setExecutor(Executors.newFixedThreadPool(8));
    server.start();
    OUT.println("listening on http://127.0.0.1:" + server.getAddress().getPort());
  }
}
