package dev.millrace.provisioner.verify;

import dev.millrace.api.ask.Verification;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a comparison has found so far. */
final class Findings {
  private static final int MOST_EXAMPLES = 20;

  private final Clock clock;
  private final Instant startedAt;
  private final Map<Judgement, Verification.Keys> keys = new EnumMap<>(Judgement.class);
  private final List<Verification.Reason> reasons = new ArrayList<>();
  private Map<Integer, Long> upTo = Map.of();
  private long events;

  Findings(Clock clock, Instant startedAt) {
    this.clock = clock;
    this.startedAt = startedAt;
    for (Judgement each : Judgement.values()) {
      keys.put(each, Verification.Keys.NONE);
    }
  }

  void event() {
    events++;
  }

  void reached(Map<Integer, Long> offsets) {
    upTo = new TreeMap<>(offsets);
  }

  void reason(String code, String message) {
    reasons.add(new Verification.Reason(code, message));
  }

  /** Takes over what was judged of some of the keys. */
  void add(Expected judged) {
    for (Judgement each : Judgement.values()) {
      keys.put(each, sum(keys.get(each), judged.keys(each)));
    }
  }

  void undecided(long more) {
    Verification.Keys before = keys.get(Judgement.UNDECIDED);
    keys.put(Judgement.UNDECIDED, new Verification.Keys(before.count() + more, before.examples()));
  }

  private static Verification.Keys sum(Verification.Keys one, Verification.Keys other) {
    List<String> examples = new ArrayList<>(one.examples());
    for (String each : other.examples()) {
      if (examples.size() < MOST_EXAMPLES) {
        examples.add(each);
      }
    }
    return new Verification.Keys(one.count() + other.count(), examples);
  }

  /** How far it is, with what is judged in the present round. */
  Verification soFar(@Nullable Expected present) {
    Map<Judgement, Verification.Keys> all = new EnumMap<>(keys);
    if (present != null) {
      all.replaceAll((judgement, before) -> sum(before, present.keys(judgement)));
    }
    return verification(null, all);
  }

  Verification end() {
    boolean differs =
        keys.get(Judgement.MISSING).count()
                + keys.get(Judgement.ADDITIONAL).count()
                + keys.get(Judgement.CHANGED).count()
            > 0;
    String outcome = differs ? "Differs" : reasons.isEmpty() ? "Equal" : "Unprovable";
    return verification(outcome, keys);
  }

  private Verification verification(
      @Nullable String outcome, Map<Judgement, Verification.Keys> all) {
    long found = 0;
    for (Map.Entry<Judgement, Verification.Keys> each : all.entrySet()) {
      found += each.getKey() == Judgement.MISSING ? 0 : each.getValue().count();
    }
    return new Verification(
        outcome,
        events,
        found,
        all.get(Judgement.EQUAL).count(),
        all.get(Judgement.MISSING),
        all.get(Judgement.ADDITIONAL),
        all.get(Judgement.CHANGED),
        all.get(Judgement.UNDECIDED),
        upTo,
        List.copyOf(reasons),
        startedAt,
        outcome == null ? null : clock.instant());
  }
}
