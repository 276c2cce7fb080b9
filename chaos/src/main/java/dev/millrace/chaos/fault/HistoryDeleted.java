package dev.millrace.chaos.fault;

import dev.millrace.chaos.platform.Platform;
import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import dev.millrace.outside.Eventually;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Retention takes what a paused subscription has not applied yet. */
final class HistoryDeleted implements Kind {
  private static final Duration NAMED_WITHIN = Duration.ofSeconds(90);

  private final boolean accepted;

  /**
   * @param accepted whether somebody chooses to go on without it
   */
  HistoryDeleted(boolean accepted) {
    this.accepted = accepted;
  }

  @Override
  public String name() {
    return accepted ? "history-deleted-accepted" : "history-deleted";
  }

  @Override
  public Optional<Stop> stops() {
    return accepted
        ? Optional.empty()
        : Optional.of(new Stop(Set.of(Need.TABLE), "HistoryLost", false));
  }

  @Override
  public boolean spendsTheScene() {
    return true;
  }

  @Override
  public void strike(Scene scene, Random random) throws Exception {
    scene.state(Need.TABLE, "Paused");
    long[] paused = resting(scene);
    Eventually.await(
        "more is published",
        Duration.ofSeconds(120),
        () -> {
          long[] end = scene.end();
          for (int p = 0; p < paused.length; p++) {
            if (end[p] < paused[p] + 50) {
              return false;
            }
          }
          return true;
        });
    long[] gone = paused.clone();
    for (int p = 0; p < gone.length; p++) {
      gone[p] += 1 + random.nextInt(50);
    }
    scene.awaitPast(EnumSet.of(Need.JOURNAL, Need.HASHES), gone);
    forget(scene.site().platform());
    // Before it is forgotten, for the oracle.
    scene.readLog();
    scene.deleteBefore(gone);
    scene
        .site()
        .trace()
        .note(
            "TABLE paused at %s, and what lies before %s of %s is deleted"
                .formatted(
                    Arrays.toString(paused), Arrays.toString(gone), Arrays.toString(scene.end())));
    scene.state(Need.TABLE, "Running");
    if (accepted) {
      accept(scene, paused, gone);
    }
  }

  private static void accept(Scene scene, long[] from, long[] to) throws Exception {
    scene.awaitReason(Need.TABLE, "HistoryLost", NAMED_WITHIN);
    scene.acceptLoss(Need.TABLE, from, to);
    long lost = Arrays.stream(to).sum() - Arrays.stream(from).sum();
    Eventually.await("what was lost is said", NAMED_WITHIN, () -> scene.lost(Need.TABLE) == lost);
  }

  /**
   * A worker holds what it read last for all who share its reader, so for a while nothing would be
   * lost. Before the deletion: a broker that is killed soon after one may not remember it.
   */
  private static void forget(Platform platform) throws Exception {
    platform.kill();
    platform.startAgain();
  }

  private static long[] resting(Scene scene) throws Exception {
    // On a slow machine cursors stand still for long before the worker has heard of the pause.
    Eventually.await(
        "the worker has paused",
        Duration.ofSeconds(120),
        () -> scene.phases(Need.TABLE).equals(Set.of("Paused")));
    long[] before = scene.cursors(Need.TABLE);
    while (true) {
      Thread.sleep(700);
      long[] now = scene.cursors(Need.TABLE);
      if (Arrays.equals(before, now)) {
        return now;
      }
      before = now;
    }
  }
}
