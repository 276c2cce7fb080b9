package dev.millrace.standalone.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Earthquakes: GeoJSON as it came. Live events move magnitudes across 4.5, or take them away. */
final class QuakeSequence implements Sequence {
  /** Numbers keep the digits that the source wrote. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final List<ObjectNode> features = new ArrayList<>();
  private final long seed;

  QuakeSequence(Path file, long seed) {
    this.seed = seed;
    try {
      for (JsonNode feature : MAPPER.readTree(file.toFile()).required("features")) {
        features.add((ObjectNode) feature);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  @Override
  public String product() {
    return "earthquakes";
  }

  @Override
  public long historySize() {
    return features.size();
  }

  @Override
  public void history(Predicate<byte[]> due, Consumer<Event> take) {
    for (ObjectNode feature : features) {
      byte[] key = idOf(feature).getBytes(StandardCharsets.UTF_8);
      if (due.test(key)) {
        take.accept(new Event(key, bytes(feature)));
      }
    }
  }

  @Override
  public Event live(long number) {
    SplittableRandom dice = Sequence.dice(seed, number);
    ObjectNode like = features.get(dice.nextInt(features.size()));
    boolean newcomer = dice.nextInt(100) < 25;
    int kind = dice.nextInt(100);
    long earlier = number == 0 ? 0 : dice.nextLong(number);
    if (kind < 30) {
      return quake(idOfNew(number), number, like, dice);
    }
    String id = newcomer ? idOfNew(earlier) : idOf(like);
    return kind < 80 ? quake(id, number, like, dice) : Event.deletion(id);
  }

  private static String idOfNew(long number) {
    return "demo" + number;
  }

  private static Event quake(String id, long number, ObjectNode like, SplittableRandom dice) {
    ObjectNode quake = like.deepCopy();
    quake.put("id", id);
    ObjectNode properties = (ObjectNode) quake.required("properties");
    if (dice.nextInt(100) < 5) {
      properties.putNull("mag");
    } else {
      properties.put("mag", BigDecimal.valueOf(dice.nextInt(300, 600), 2));
    }
    properties.put("updated", properties.required("updated").longValue() + 1 + number);
    properties.put("status", "reviewed");
    if (dice.nextBoolean()) {
      properties.put("felt", dice.nextInt(1, 5000));
    } else {
      properties.putNull("felt");
    }
    return Event.of(id, bytes(quake));
  }

  private static String idOf(ObjectNode feature) {
    return feature.required("id").textValue();
  }

  private static byte[] bytes(ObjectNode feature) {
    try {
      return MAPPER.writeValueAsBytes(feature);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that was read cannot be written", e);
    }
  }
}
