package dev.millrace.catalog.journal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.ObjectKey;
import dev.millrace.catalog.problem.Refusal;
import java.util.List;
import java.util.function.Supplier;

/**
 * What was decided, which only grows. Each object has a stream of its own, in which every version
 * is taken once.
 */
public interface Journal {

  /** An event as it is to be kept. */
  record Fact(String type, JsonNode payload) {}

  /**
   * Runs one decision at a time in this process, so that what it looks at in other streams (is the
   * topic free, is the product in use) is still true when it is written. Keep it short: no network
   * but the journal's own.
   *
   * @throws Refusal {@code JournalUnavailable}, {@code ReadOnlyCatalog}
   */
  <T> T inTurn(Supplier<T> decision);

  /**
   * Writes the events of one decision together.
   *
   * @param after version of the stream that the decision was made on
   * @throws Refusal {@code ChangedMeanwhile} when that is not the newest version any more
   */
  List<Entry> append(String kind, ObjectKey key, long after, List<Fact> facts, String actor);

  /** All entries of one kind, oldest first. */
  List<Entry> ofKind(String kind);

  /** Entries of one stream behind a version, oldest first. */
  List<Entry> since(String kind, ObjectKey key, long version);

  /** A page of one stream, oldest first. */
  List<Entry> page(String kind, ObjectKey key, long after, int limit);

  /** The last reports on objects of one kind, kept beside the journal. */
  <T> LastReports<T> reports(String kind, Class<T> type);

  /** How many entries there are. */
  long length();
}
