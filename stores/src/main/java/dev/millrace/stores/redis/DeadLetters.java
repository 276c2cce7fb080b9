package dev.millrace.stores.redis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import dev.millrace.api.correction.EventPlace;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.stores.Batch;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreProblem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Dead letters of one subscription: a list of JSON texts, the oldest first. None is ever cut. */
final class DeadLetters {

  /** Below the number of values that a script's call can take. */
  private static final int GROUP = 1000;

  private DeadLetters() {}

  static void append(Requests requests, String key, List<Batch.Entry> dead) throws IOException {
    for (int from = 0; from < dead.size(); from += GROUP) {
      List<Batch.Entry> group = dead.subList(from, Math.min(from + GROUP, dead.size()));
      requests.command(2 + group.size());
      requests.word("RPUSH");
      requests.word(key);
      for (Batch.Entry entry : group) {
        requests.word(Json.STRICT.writeValueAsBytes(letter(entry)));
      }
    }
  }

  private static JsonNode letter(Batch.Entry entry) {
    Outcome.Dead dead = (Outcome.Dead) entry.outcome();
    return Json.STRICT
        .createObjectNode()
        .put("partition", entry.partition())
        .put("offset", entry.offset())
        .put("code", dead.code())
        .put("field", dead.field())
        .put("message", dead.message())
        .put("excerpt", dead.excerpt())
        .put("at", entry.time().toString());
  }

  /** Takes one off, by its text: places in the list shift when others go. */
  static void remove(Requests requests, String key, List<String> letters) throws IOException {
    for (String letter : letters) {
      requests.command("LREM", key, "1", letter);
    }
  }

  /** Those of these events, as far as there are: their places and texts. */
  static Map<EventPlace, String> at(
      Connection connection, String key, Collection<EventPlace> places) throws StoreProblem {
    Set<EventPlace> wanted = Set.copyOf(places);
    Map<EventPlace, String> found = new TreeMap<>();
    long count = wanted.isEmpty() ? 0 : connection.ask("LLEN", key).number();
    for (long from = 0; from < count; from += GROUP) {
      String last = Long.toString(from + GROUP - 1);
      for (Reply each : connection.ask("LRANGE", key, Long.toString(from), last).items()) {
        JsonNode letter = parsed(each.text());
        EventPlace place =
            new EventPlace(letter.get("partition").asInt(), letter.get("offset").asLong());
        if (wanted.contains(place)) {
          found.put(place, each.text());
        }
      }
    }
    return found;
  }

  /**
   * What a letter says from now on: it keeps its excerpt where there is no other. Empty when that
   * is what it says already.
   */
  static Optional<Outcome.Dead> changed(String letter, Outcome.Dead now) {
    JsonNode was = parsed(letter);
    boolean same =
        was.path("code").asText().equals(now.code())
            && was.path("field").asText().equals(now.field())
            && was.path("message").asText().equals(now.message());
    String excerpt = now.excerpt().isEmpty() ? was.path("excerpt").asText() : now.excerpt();
    return same
        ? Optional.empty()
        : Optional.of(new Outcome.Dead(now.code(), now.field(), now.message(), excerpt));
  }

  /**
   * The newest first. A page's number is a place in the list, which does not shift when letters
   * come; when older ones go, some are shown twice.
   */
  static StoreDriver.Page page(Connection connection, String key, int limit, Optional<String> after)
      throws StoreProblem {
    long count = connection.ask("LLEN", key).number();
    long end = Math.min(count, after.map(DeadLetters::place).orElse(count));
    long from = Math.max(0, end - limit);
    if (end <= 0) {
      return new StoreDriver.Page(List.of(), Optional.empty());
    }
    List<JsonNode> letters = new ArrayList<>();
    for (Reply each :
        connection
            .ask("LRANGE", key, Long.toString(from), Long.toString(end - 1))
            .items()
            .reversed()) {
      letters.add(parsed(each.text()));
    }
    return new StoreDriver.Page(
        letters, from == 0 ? Optional.empty() : Optional.of(Long.toString(from)));
  }

  /** Nonsense is the end. */
  private static long place(String after) {
    return after.matches("\\d{1,18}") ? Long.parseLong(after) : 0;
  }

  static JsonNode parsed(String letter) {
    try {
      return Json.STRICT.readTree(letter);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a dead letter is not what Millrace wrote");
    }
  }
}
