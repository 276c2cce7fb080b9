package dev.millrace.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TallyTest {

  @Test
  void inAnEmptyTopicEverythingIsDue() {
    Tally tally = new Tally(new long[2]);

    assertThat(tally.isDue(0)).isTrue();
    assertThat(tally.isDue(1)).isTrue();
  }

  @Test
  void eachPartitionGoesOnWhereItStopped() {
    Tally tally = new Tally(new long[] {1, 3});

    assertThat(List.of(tally.isDue(1), tally.isDue(0), tally.isDue(0), tally.isDue(1)))
        .containsExactly(false, false, true, false);
    assertThat(tally.isDue(1)).isFalse();
    assertThat(tally.isDue(1)).isTrue();
  }

  /** Killed again and again, each time with its partitions at different lengths. */
  @Test
  void afterAnyNumberOfKillsThePartitionsHoldTheSequenceOnceAndInOrder() {
    int partitions = 4;
    int events = 500;
    SplittableRandom dice = new SplittableRandom(1);
    for (int round = 0; round < 200; round++) {
      List<List<Integer>> topic = new ArrayList<>();
      List<List<Integer>> whole = new ArrayList<>();
      for (int p = 0; p < partitions; p++) {
        topic.add(new ArrayList<>());
        whole.add(new ArrayList<>());
      }
      for (int event = 0; event < events; event++) {
        whole.get(partition(event, partitions)).add(event);
      }
      for (int run = 0; run < 5; run++) {
        Tally tally = new Tally(topic.stream().mapToLong(List::size).toArray());
        int[] room = new int[partitions];
        for (int p = 0; p < partitions; p++) {
          room[p] = run == 4 ? events : dice.nextInt(40);
        }
        for (int event = 0; event < events; event++) {
          int partition = partition(event, partitions);
          if (tally.isDue(partition) && room[partition]-- > 0) {
            topic.get(partition).add(event);
          }
        }
      }
      assertThat(topic).isEqualTo(whole);
    }
  }

  private static int partition(int event, int partitions) {
    return Math.floorMod(Integer.hashCode(event * 0x9E3779B9), partitions);
  }
}
