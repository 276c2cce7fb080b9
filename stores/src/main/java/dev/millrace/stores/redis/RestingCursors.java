package dev.millrace.stores.redis;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Definitions;
import dev.millrace.stores.StoreProblem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The cursors of a live pipeline and of its shadow, which have to stand at the same offsets. */
final class RestingCursors {
  private final Connection connection;
  private final PipelinePlan livePlan;
  private final PipelinePlan shadowPlan;
  private final PipelinePlan next;
  private final List<Integer> partitions;
  private final List<Optional<Cursor>> ofLive;
  private final List<Optional<Cursor>> ofShadow;

  private RestingCursors(
      Connection connection, PipelinePlan live, PipelinePlan shadow, PipelinePlan next)
      throws StoreProblem {
    this.connection = connection;
    this.livePlan = live;
    this.shadowPlan = shadow;
    this.next = next;
    this.partitions = List.copyOf(new TreeSet<>(live.start().keySet()));
    this.ofLive = read(live);
    this.ofShadow = read(shadow);
  }

  static RestingCursors read(
      Connection connection, PipelinePlan live, PipelinePlan shadow, PipelinePlan next)
      throws StoreProblem {
    RestingCursors cursors = new RestingCursors(connection, live, shadow, next);
    if (!cursors.swapped()) {
      cursors.refuse();
    }
    return cursors;
  }

  private List<Optional<Cursor>> read(PipelinePlan plan) throws StoreProblem {
    List<Integer> wanted = List.copyOf(new TreeSet<>(plan.start().keySet()));
    try {
      new Cursors(plan).request(connection.requests(), wanted);
    } catch (IOException e) {
      throw connection.problems().lost(e);
    }
    List<Optional<Cursor>> cursors = new ArrayList<>();
    for (int partition : wanted) {
      cursors.add(Cursors.cursor(partition, connection.readOk()));
    }
    return cursors;
  }

  static void requireLive(Connection connection, PipelinePlan live) throws StoreProblem {
    RestingCursors cursors = new RestingCursors(connection, live, live, live);
    for (int i = 0; i < cursors.partitions.size(); i++) {
      if (cursors.ofLive.get(i).isEmpty()) {
        throw new Cursors(live).lost(cursors.partitions.get(i));
      }
    }
  }

  /** It has happened already. */
  boolean swapped() {
    return ofShadow.stream().allMatch(Optional::isEmpty)
        && ofLive.stream()
            .allMatch(
                at -> at.filter(cursor -> cursor.definition() == next.definition()).isPresent());
  }

  private void refuse() throws StoreProblem {
    for (int i = 0; i < partitions.size(); i++) {
      if (ofLive.get(i).isEmpty()) {
        throw new Cursors(livePlan).lost(partitions.get(i));
      }
    }
    for (Optional<Cursor> cursor : ofLive) {
      Definitions.refuseNewer(next, cursor.orElseThrow().definition());
      if (!cursor.get().topicId().equals(next.source().topicId())) {
        throw Cursors.recreated(livePlan, cursor.get().partition());
      }
    }
    if (ofShadow.stream().anyMatch(Optional::isEmpty)) {
      throw shadowLost();
    }
    if (!places(ofLive).equals(places(ofShadow))) {
      throw behind();
    }
  }

  private StoreProblem shadowLost() {
    return new StoreProblem(
        "StoreLost",
        "the store has no cursors of the rebuild of "
            + livePlan.subscription()
            + "; what is there stays",
        "Cancel the rebuild and ask for it again.",
        false);
  }

  StoreProblem behind() {
    return new StoreProblem(
        "RebuildBehind",
        "the rebuild of "
            + livePlan.subscription()
            + " does not stand where the subscription stands: "
            + places(ofShadow)
            + " and "
            + places(ofLive),
        "Nothing: it is tried again when both have come to the same offsets.",
        true);
  }

  private static List<String> places(List<Optional<Cursor>> cursors) {
    return cursors.stream()
        .map(cursor -> cursor.map(at -> at.partition() + "@" + at.nextOffset()).orElse("none"))
        .toList();
  }

  List<String> liveKeys() {
    Cursors cursors = new Cursors(livePlan);
    return partitions.stream().map(cursors::key).toList();
  }

  List<String> shadowKeys() {
    Cursors cursors = new Cursors(shadowPlan);
    return partitions.stream().map(cursors::key).toList();
  }

  /** Offset and counts, as the cursors spell them. */
  List<String> live() {
    return ofLive.stream().map(RestingCursors::standing).toList();
  }

  List<String> shadow() {
    return ofShadow.stream().map(RestingCursors::standing).toList();
  }

  private static String standing(Optional<Cursor> cursor) {
    Counts counts = cursor.orElseThrow().counts();
    return "%d,%d,%d,%d,%d,%d"
        .formatted(
            cursor.get().nextOffset(),
            counts.read(),
            counts.applied(),
            counts.filtered(),
            counts.deadLettered(),
            counts.skipped());
  }

  /** What the live cursors will say of their definitions. */
  List<String> histories() {
    return partitions.stream()
        .map(partition -> next.definition() + "@" + shadowPlan.start().get(partition))
        .toList();
  }
}
