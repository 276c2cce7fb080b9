package dev.millrace.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.store.Binding;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hashes, by {@code HGETALL} with the reader's login. Which keys there are the platform's rows
 * tell, as a reader need not be allowed to scan: so keys that should not be there are found as
 * well.
 */
final class RedisReader implements Reader {
  private static final int PAGE = 500;

  private final Platform platform;

  RedisReader(Platform platform) {
    this.platform = platform;
  }

  @Override
  public void dump(Subscription subscription, Binding binding, List<Column> columns, Path csv)
      throws IOException, InterruptedException {
    List<String> keys = new ArrayList<>(keys(subscription));
    try (Resp redis = new Resp(binding);
        BufferedWriter out = Files.newBufferedWriter(csv)) {
      for (int from = 0; from < keys.size(); from += PAGE) {
        List<String> page = keys.subList(from, Math.min(keys.size(), from + PAGE));
        for (String key : page) {
          redis.send("HGETALL", key);
        }
        redis.flush();
        for (String key : page) {
          out.write(line(columns, hash(redis.reply()), key));
        }
      }
    }
  }

  private Set<String> keys(Subscription subscription) throws InterruptedException {
    Set<String> keys = new LinkedHashSet<>();
    String after = "";
    do {
      JsonNode page = platform.get(subscription.path() + "/rows?limit=" + PAGE + after);
      page.path("items").forEach(row -> keys.add(row.path("_key").asText()));
      after =
          page.hasNonNull("next") ? "&cursor=" + Platform.encoded(page.get("next").asText()) : "";
    } while (!after.isEmpty());
    return keys;
  }

  private static Map<String, String> hash(@Nullable Object reply) throws IOException {
    if (!(reply instanceof List<?> words)) {
      throw new IOException("HGETALL was not answered with a list");
    }
    Map<String, String> hash = new LinkedHashMap<>();
    for (int i = 0; i + 1 < words.size(); i += 2) {
      hash.put(String.valueOf(words.get(i)), String.valueOf(words.get(i + 1)));
    }
    return hash;
  }

  /** A hash with a field too many would pass as right if only the known ones were looked at. */
  private static String line(List<Column> columns, Map<String, String> hash, String key)
      throws IOException {
    StringBuilder line = new StringBuilder();
    int known = 0;
    for (Column column : columns) {
      String value = hash.get(column.name());
      known += value == null ? 0 : 1;
      line.append(line.isEmpty() ? "" : ",").append(value == null ? NULL : cell(column, value));
    }
    if (!key.equals("quake:" + hash.get("id"))) {
      throw new IOException(key + " holds the earthquake " + hash.get("id"));
    }
    if (known != hash.size()) {
      throw new IOException(key + " holds fields that nobody asked for: " + hash.keySet());
    }
    return line.append('\n').toString();
  }

  private static String cell(Column column, String value) {
    String text =
        column.isTimestamp() && value.endsWith("Z")
            ? value.substring(0, value.length() - 1)
            : value;
    return '"' + text.replace("\"", "\"\"") + '"';
  }
}
