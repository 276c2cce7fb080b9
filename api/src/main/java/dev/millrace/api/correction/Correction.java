package dev.millrace.api.correction;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.millrace.api.ObjectKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a person decided of an event that one subscription could not apply. A record of a log: of
 * several for one event the first that can be applied counts, whoever reads them.
 *
 * @param id of its own
 * @param uid of the subscription: a new one under the old name has none of these
 * @param action Redrive or Discard
 * @param payload Redrive: the event's value as it should have been; absent when it is tried as it
 *     stands in the log
 * @param key Redrive: the record key as it should have been; absent when the one in the log stays
 * @param actor who decided
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Correction(
    String id,
    ObjectKey subscription,
    String uid,
    int partition,
    long offset,
    String action,
    @Nullable String payload,
    @Nullable String key,
    String actor,
    Instant at) {
  public static final String REDRIVE = "Redrive";
  public static final String DISCARD = "Discard";

  public EventPlace place() {
    return new EventPlace(partition, offset);
  }

  /** Its record key: none replaces another. */
  public String recordKey() {
    return uid + "/" + partition + "/" + offset + "/" + id;
  }

  /** The subscription's uid, of a plan that may be one of several pipelines of it. */
  public static String uidOf(String planUid) {
    int end = planUid.indexOf('~');
    return end < 0 ? planUid : planUid.substring(0, end);
  }
}
