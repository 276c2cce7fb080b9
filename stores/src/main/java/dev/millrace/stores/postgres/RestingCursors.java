package dev.millrace.stores.postgres;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Definitions;
import dev.millrace.stores.StoreProblem;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The cursors of a live pipeline and of its shadow, which have to stand at the same offsets. They
 * stay locked until the transaction ends: whoever writes moves his cursor first, so nobody is in
 * the middle of a batch then.
 */
final class RestingCursors {
  private final Steward steward;
  private final PipelinePlan live;
  private final PipelinePlan shadow;
  private final PipelinePlan next;
  private final Map<Integer, Standing> ofLive;
  private final Map<Integer, Standing> ofShadow;

  /**
   * @param counts change when dead letters are corrected, which moves no offset
   */
  private record Standing(long nextOffset, String topicId, long definition, String counts) {}

  private RestingCursors(Steward steward, PipelinePlan live, PipelinePlan shadow, PipelinePlan next)
      throws SQLException {
    this.steward = steward;
    this.live = live;
    this.shadow = shadow;
    this.next = next;
    this.ofLive = locked(live);
    this.ofShadow = locked(shadow);
  }

  static RestingCursors lock(
      Steward steward, PipelinePlan live, PipelinePlan shadow, PipelinePlan next)
      throws SQLException, StoreProblem {
    RestingCursors cursors = new RestingCursors(steward, live, shadow, next);
    if (!cursors.swapped()) {
      cursors.refuse();
    }
    return cursors;
  }

  private Map<Integer, Standing> locked(PipelinePlan plan) throws SQLException {
    Map<Integer, Standing> standing = new TreeMap<>();
    try (PreparedStatement select =
        steward
            .connection()
            .prepareStatement(
                "SELECT partition, next_offset, topic_id, definition,"
                    + " pg_catalog.concat_ws(',', read, applied, filtered, dead_lettered, skipped)"
                    + " FROM millrace.cursor WHERE subscription = ? ORDER BY partition"
                    + " FOR UPDATE")) {
      select.setString(1, plan.uid());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          standing.put(
              row.getInt(1),
              new Standing(row.getLong(2), row.getString(3), row.getLong(4), row.getString(5)));
        }
      }
    }
    return standing;
  }

  /** It has happened already. */
  boolean swapped() {
    return ofShadow.isEmpty()
        && !ofLive.isEmpty()
        && ofLive.values().stream().allMatch(at -> at.definition() == next.definition());
  }

  private void refuse() throws StoreProblem {
    Set<Integer> missing = new TreeSet<>(live.start().keySet());
    missing.removeAll(ofLive.keySet());
    if (!missing.isEmpty()) {
      throw Losses.cursorsMissing(steward.problems(), live, missing);
    }
    for (Standing at : ofLive.values()) {
      Definitions.refuseNewer(next, at.definition());
    }
    if (ofShadow.isEmpty()) {
      throw Losses.shadowMissing(steward.problems(), live, "every cursor");
    }
    for (Standing at : ofLive.values()) {
      if (!at.topicId().equals(next.source().topicId())) {
        throw Losses.sourceRecreated(steward.problems(), live);
      }
    }
    if (!places(ofLive).equals(places(ofShadow))) {
      throw behind();
    }
  }

  /** Nothing was written by either since the other look. */
  boolean unmovedSince(RestingCursors other) {
    return ofLive.equals(other.ofLive) && ofShadow.equals(other.ofShadow);
  }

  private static Map<Integer, Long> places(Map<Integer, Standing> standing) {
    Map<Integer, Long> places = new TreeMap<>();
    standing.forEach((partition, at) -> places.put(partition, at.nextOffset()));
    return places;
  }

  private StoreProblem behind() {
    return new StoreProblem(
        "RebuildBehind",
        "the rebuild of "
            + live.subscription()
            + " does not stand where the subscription stands: "
            + places(ofShadow)
            + " and "
            + places(ofLive),
        "Nothing: it is tried again when both have come to the same offsets.",
        true);
  }

  /** The shadow's cursors and dead letters become the live ones'; nobody holds them. */
  void exchange() throws SQLException {
    for (String table : new String[] {"cursor", "dead_letter"}) {
      steward.update("DELETE FROM millrace." + table + " WHERE subscription = ?", live.uid());
      steward.update(
          "UPDATE millrace." + table + " SET subscription = ? WHERE subscription = ?",
          live.uid(),
          shadow.uid());
    }
    steward.update(
        "UPDATE millrace.cursor SET definition = ?::bigint, owner = '', owner_pid = NULL,"
            + " owner_started = NULL WHERE subscription = ?",
        next.definition(),
        live.uid());
    new Ledger(steward).remove(shadow.uid());
  }
}
