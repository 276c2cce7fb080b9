package dev.millrace.chaos.load;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Event {@code number} of a stream: a function of its number and the stream's seed, so that who
 * knows what lies in the log knows what the stores must hold.
 */
public record Event(long number, String key, Effect effect, Row row) {
  private static final int KEYS = 700;
  private static final String[] COUNTRIES = {"DE", "FR", "US", "JP"};

  /** What it does to the row of its key. */
  public enum Effect {
    PUT,
    DELETE,
    /** It is no JSON, and changes nothing. */
    POISON
  }

  public static Event of(long seed, long number) {
    Random random = new Random(seed ^ number * 0x9E3779B97F4A7C15L);
    String key = "o-" + random.nextInt(KEYS);
    int chance = random.nextInt(100);
    Effect effect = chance < 2 ? Effect.POISON : chance < 10 ? Effect.DELETE : Effect.PUT;
    BigDecimal total = BigDecimal.valueOf(random.nextInt(100_000) * 25L, 2);
    return new Event(number, key, effect, new Row(number, total, COUNTRIES[random.nextInt(4)]));
  }

  public byte @Nullable [] value() {
    return switch (effect) {
      case DELETE -> null;
      case POISON -> bytes("{\"orderId\": \"" + key + "\", \"version\": " + number + ", total");
      case PUT ->
          bytes(
              "{\"orderId\":\"%s\",\"version\":%d,\"total\":%s,\"country\":\"%s\"%s}"
                  .formatted(key, number, row.total(), row.country(), Fields.json(number)));
    };
  }

  public byte[] recordKey() {
    return bytes(key);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
