package dev.millrace.provisioner.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ask.Verification;
import dev.millrace.stores.KeyDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExpectedTest {
  private static final long PLENTY = 64L << 20;

  /** Few places for many keys, so that they stand in each other's way. */
  @Test
  void whatIsPutReplacedAndRemovedIsFoundAsInAMap() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      Expected expected = all(PLENTY, false);
      Map<KeyDigest, Long> map = new HashMap<>();
      for (int i = 0; i < 20_000; i++) {
        KeyDigest key = crowded(random.nextInt(700));
        if (random.nextInt(3) == 0) {
          expected.remove(key, 0, i);
          map.remove(key);
        } else {
          long content = random.nextLong();
          expected.put(key, content, 0, i);
          map.put(key, content);
        }
      }
      for (int i = 0; i < 700; i++) {
        KeyDigest key = crowded(i);
        Long content = map.get(key);
        if (content != null) {
          expected.found(key, content, "k");
        } else {
          expected.notFound(key, "k");
        }
      }
      assertThat(count(expected, Judgement.EQUAL)).as("seed %d", seed).isEqualTo(map.size());
      assertThat(count(expected, Judgement.MISSING)).isZero();
      assertThat(count(expected, Judgement.CHANGED)).isZero();
      assertThat(expected.firstAwaited()).isEmpty();
    }
  }

  @Test
  void aSmallBudgetKeepsALowerPartAndOnlyThatIsJudged() {
    Random random = new Random(1);
    Expected expected = all(1 << 20, false);
    for (int i = 0; i < 100_000; i++) {
      KeyDigest key = new KeyDigest(random.nextLong(), random.nextLong());
      expected.put(key, i, 0, i);
      expected.found(key, i, "k" + i);
    }
    assertThat(expected.end()).isLessThan(Expected.SEGMENTS).isPositive();
    assertThat(count(expected, Judgement.EQUAL))
        .isBetween(
            95_000L * expected.end() / Expected.SEGMENTS,
            105_000L * expected.end() / Expected.SEGMENTS);
  }

  @Test
  void examplesOfWhatIsLeftToALaterRoundAreNotKept() {
    Expected expected = all(1 << 20, false);
    KeyDigest last = new KeyDigest(-1L, 5);
    expected.found(last, 1, "in the last segment");
    assertThat(expected.keys(Judgement.ADDITIONAL).examples()).hasSize(1);
    Random random = new Random(2);
    for (int i = 0; i < 100_000; i++) {
      expected.put(new KeyDigest(random.nextLong(), random.nextLong()), i, 0, i);
    }
    assertThat(expected.covers(last)).isFalse();
    assertThat(expected.keys(Judgement.ADDITIONAL)).isEqualTo(Verification.Keys.NONE);
  }

  @Test
  void aKeyIsJudgedOnce() {
    Expected expected = all(PLENTY, false);
    KeyDigest key = crowded(1);
    expected.put(key, 7, 0, 0);
    expected.found(key, 7, "k");
    expected.put(key, 8, 0, 1);
    expected.found(key, 7, "k");
    expected.remove(key, 0, 2);
    expected.put(key, 9, 0, 3);
    expected.found(key, 7, "k");
    expected.found(crowded(2), 7, "stranger");
    expected.found(crowded(2), 7, "stranger");
    assertThat(count(expected, Judgement.EQUAL)).isOne();
    assertThat(count(expected, Judgement.CHANGED)).isZero();
    assertThat(count(expected, Judgement.ADDITIONAL)).isOne();
  }

  @Test
  void whatIsAwaitedIsSoughtOnceFromItsLastOffset() {
    Expected expected = all(PLENTY, false);
    expected.put(crowded(1), 7, 3, 100);
    expected.put(crowded(1), 7, 3, 200);
    expected.put(crowded(2), 7, 2, 50);
    expected.put(crowded(3), 7, 2, 60);
    expected.found(crowded(2), 7, "k2");
    assertThat(expected.firstAwaited()).isEqualTo(Map.of(3, 200L, 2, 60L));
    assertThat(expected.isLast(crowded(1), 3, 100)).isFalse();
    assertThat(expected.isLast(crowded(1), 3, 200)).isTrue();
    assertThat(expected.seek(crowded(1))).isTrue();
    assertThat(expected.seek(crowded(1))).isFalse();
    assertThat(expected.seek(crowded(2))).isFalse();
    expected.notFound(crowded(1), "k1");
    assertThat(expected.keys(Judgement.MISSING).examples()).containsExactly("k1");
  }

  @Test
  void whileTheStreamIsIncompleteOnlyWhatItSaysIsJudged() {
    Expected expected = all(PLENTY, true);
    expected.remove(crowded(1), 0, 1);
    expected.found(crowded(1), 7, "deleted");
    expected.found(crowded(2), 7, "unknown");
    assertThat(expected.keys(Judgement.ADDITIONAL).examples()).containsExactly("deleted");
    assertThat(expected.keys(Judgement.UNDECIDED).examples()).containsExactly("unknown");
  }

  @Test
  void largePartitionsAndOffsetsComeBack() {
    Expected expected = all(PLENTY, false);
    int partition = Expected.MOST_PARTITIONS - 1;
    long offset = (1L << 46) - 1;
    expected.put(crowded(1), 7, partition, offset);
    assertThat(expected.firstAwaited()).isEqualTo(Map.of(partition, offset));
    assertThat(expected.isLast(crowded(1), partition, offset)).isTrue();
  }

  private static Expected all(long budgetBytes, boolean incomplete) {
    return new Expected(budgetBytes, incomplete, 0, Expected.SEGMENTS);
  }

  private static long count(Expected expected, Judgement judgement) {
    return expected.keys(judgement).count();
  }

  private static KeyDigest crowded(int key) {
    return new KeyDigest(key, key % 13);
  }
}
