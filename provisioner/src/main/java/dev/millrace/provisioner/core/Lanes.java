package dev.millrace.provisioner.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Shares a few consumers among all cohorts. A consumer reads a partition at one position only, so
 * the cohorts of a partition need one each; where there are more than consumers, they take turns.
 * The one ahead, which is live or will be first, keeps its own.
 */
final class Lanes {
  private static final long TURN_NANOS = 1_000_000_000;

  private final int count;
  private final Scan scan;
  private final Orders orders;
  private final List<Reading> ordered = new ArrayList<>();
  private long seeks;

  Lanes(int count, Scan scan, Orders orders, long numbers) {
    this.count = count;
    this.scan = scan;
    this.orders = orders;
    this.seeks = numbers;
    for (int lane = 0; lane < count; lane++) {
      ordered.add(Reading.NOTHING);
    }
  }

  /** Gives the consumers to those who want to read, and says so where that changes something. */
  void arrange(long now) {
    scan.all().forEach(cohorts -> arrange(cohorts, now));
    for (int lane = 0; lane < count; lane++) {
      Reading reading = reading(lane);
      if (!reading.equals(ordered.get(lane))) {
        ordered.set(lane, reading);
        orders.read(lane, reading);
      }
    }
  }

  private void arrange(List<Cohort> cohorts, long now) {
    if (cohorts.size() == 1 && cohorts.get(0).lane >= 0) {
      return;
    }
    List<Cohort> waiting =
        cohorts.stream()
            .filter(cohort -> cohort.lane < 0)
            .sorted(
                Comparator.<Cohort>comparingLong(cohort -> cohort.laneSince)
                    .thenComparingLong(Cohort::end))
            .toList();
    for (Cohort cohort : waiting) {
      if (scan.wants(cohort) && !seat(cohort, cohorts, now)) {
        break;
      }
    }
  }

  /** Returns whether there was a lane to be had. */
  private boolean seat(Cohort cohort, List<Cohort> cohorts, long now) {
    Optional<Integer> lane = free(cohorts).or(() -> yielded(cohorts, now));
    lane.ifPresent(free -> {
      cohort.lane = free;
      cohort.laneSince = now;
      cohort.seek = ++seeks;
      cohort.seekPosition = cohort.end();
      cohort.seekEpoch = cohort.leaderEpoch();
    });
    return lane.isPresent();
  }

  private Optional<Integer> free(List<Cohort> cohorts) {
    for (int lane = 0; lane < count; lane++) {
      int candidate = lane;
      if (cohorts.stream().noneMatch(cohort -> cohort.lane == candidate)) {
        return Optional.of(lane);
      }
    }
    return Optional.empty();
  }

  /** From one who does not read now, or has had its turn. */
  private Optional<Integer> yielded(List<Cohort> cohorts, long now) {
    Cohort ahead = cohorts.stream().max(Comparator.comparingLong(Cohort::end)).orElseThrow();
    Optional<Cohort> from =
        cohorts.stream()
            .filter(cohort -> cohort.lane >= 0)
            .filter(cohort ->
                !scan.wants(cohort) || (cohort != ahead && now - cohort.laneSince > TURN_NANOS))
            .min(Comparator.comparingLong(cohort -> cohort.laneSince));
    Optional<Integer> lane = from.map(cohort -> cohort.lane);
    from.ifPresent(cohort -> cohort.lane = -1);
    return lane;
  }

  private Reading reading(int lane) {
    Map<TopicPartition, Reading.Spot> spots = new HashMap<>();
    for (List<Cohort> cohorts : scan.all()) {
      for (Cohort cohort : cohorts) {
        if (cohort.lane == lane && cohort.unreadable == null) {
          spots.put(
              cohort.partition,
              new Reading.Spot(
                  cohort.seek,
                  cohort.topicId,
                  cohort.seekPosition,
                  cohort.seekEpoch,
                  !scan.wants(cohort)));
        }
      }
    }
    return new Reading(spots);
  }
}
