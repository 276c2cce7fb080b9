package dev.millrace.chaos.round;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.chaos.platform.FaultMissed;
import dev.millrace.chaos.report.Result;
import dev.millrace.chaos.store.CursorMissing;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** One fault under load, from a scene where all is well to the verdict. */
public final class Round {
  /** Whoever waits so long knows that it does not come. */
  private static final Duration NAMED_EVER = Duration.ofSeconds(90);

  private static final Duration WATCHED_AFTER_STOP = Duration.ofSeconds(2);

  private static final int LOOKS_A_SECOND = 6;
  private static final int LOOKS_A_SECOND_AT_REBUILDS = 100;

  private final Scene scene;
  private final Kind kind;
  private final Random random;
  private final Duration namedWithin;
  private final Findings findings = new Findings();
  private final Comparison comparison;
  private Duration recovery = Duration.ZERO;
  private boolean stopped;
  private int observations;
  private double looksASecond;

  private Round(Scene scene, Kind kind, long seed, Duration namedWithin) {
    this.scene = scene;
    this.kind = kind;
    this.random = new Random(seed);
    this.namedWithin = namedWithin;
    this.comparison = new Comparison(scene, findings);
  }

  /**
   * Never throws what the product did wrong: that is in the result.
   *
   * @throws FaultMissed when nothing broke, and nothing was wrong before
   */
  public static Result run(Scene scene, Kind kind, long seed, String commit, Duration namedWithin) {
    Round round = new Round(scene, kind, seed, namedWithin);
    Instant at = Instant.now();
    scene.site().trace().note(kind.name() + " with seed " + seed + " begins");
    Optional<FaultMissed> missed = Optional.empty();
    try {
      round.perform();
    } catch (FaultMissed e) {
      missed = Optional.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      round.findings.wrong("interrupted");
    } catch (Exception | AssertionError e) {
      round.findings.wrong(sentence(e));
    }
    try {
      kind.after(scene);
    } catch (Exception e) {
      round.findings.wrong("afterwards: " + sentence(e));
    }
    if (missed.isPresent()) {
      if (round.findings.none()) {
        throw missed.get();
      }
      round.findings.wrong(sentence(missed.get()));
    }
    return new Result(
        commit,
        seed,
        kind.name(),
        at.truncatedTo(ChronoUnit.SECONDS).toString(),
        kind.stops().isPresent(),
        round.stopped,
        round.findings.lost(),
        round.findings.duplicated(),
        round.findings.outOfOrder(),
        round.recovery.toMillis() / 1000.0,
        scene.log().events(),
        round.observations,
        Math.round(round.looksASecond * 10) / 10.0,
        Duration.between(at, Instant.now()).toMillis() / 1000.0,
        round.findings.sentences());
  }

  /** The result of a round that did not come so far, or not to its end. */
  static Result failed(Kind kind, long seed, String commit, String sentence) {
    return new Result(
        commit,
        seed,
        kind.name(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        kind.stops().isPresent(),
        false,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        List.of(sentence));
  }

  private void perform() throws Exception {
    kind.prepare(scene);
    Observer observer =
        Observer.of(
            scene, kind.rebuilds() ? LOOKS_A_SECOND_AT_REBUILDS : LOOKS_A_SECOND, kind.rebuilds());
    try {
      scene.load().start(400 + random.nextInt(1600));
      Thread.sleep(300 + random.nextInt(1700));
      if (kind.stops().isPresent()) {
        strikeAndSeeItStop(kind.stops().get(), observer);
      } else if (kind.provenWrong().isPresent()) {
        strikeAndSeeItProven(kind.provenWrong().get(), observer);
      } else {
        strikeAndSeeItHeal(observer);
      }
    } finally {
      observer.close();
      scene.load().stop();
    }
  }

  private void strikeAndSeeItHeal(Observer observer) throws Exception {
    strike();
    long healed = System.nanoTime();
    scene.awaitPast(EnumSet.allOf(Need.class), scene.end());
    recovery = Duration.ofNanos(System.nanoTime() - healed);
    note("is recovered from");
    kind.settle(scene);
    Thread.sleep(200);
    endAndCompare(EnumSet.allOf(Need.class), observer);
  }

  private void strike() throws Exception {
    note("strikes");
    kind.strike(scene, random);
    note("has struck");
  }

  /** The pipeline goes on as if nothing were, and a verification has to say what is missing. */
  private void strikeAndSeeItProven(Need spoilt, Observer observer) throws Exception {
    observer.disregard(spoilt);
    strike();
    long struck = System.nanoTime();
    JsonNode whileFed = scene.verify(spoilt);
    recovery = Duration.ofNanos(System.nanoTime() - struck);
    if (!whileFed.path("outcome").asText().equals("Differs")) {
      findings.wrong(spoilt + " lacks rows, and while it was fed was verified: " + whileFed);
    }
    endAndCompare(EnumSet.complementOf(EnumSet.of(spoilt)), observer);
    scene.awaitPast(EnumSet.of(spoilt), scene.end());
    if (comparison.verification(spoilt, scene.verify(spoilt)) == 0) {
      throw new FaultMissed(spoilt + " lacks nothing");
    }
    remedy(EnumSet.of(spoilt));
    comparison.verification(spoilt, scene.verify(spoilt));
  }

  /** The load ends; what goes on catches up; then all is compared. */
  private void endAndCompare(Set<Need> needs, Observer observer) throws Exception {
    scene.load().stop();
    scene.awaitPast(needs, scene.end());
    scene.readLog();
    observer.close();
    observations = observer.count();
    looksASecond = observer.aSecond();
    int ahead = comparison.observations(observer, kind.rewinds());
    if (ahead > 0) {
      note("showed rows of the next shape with the cursors of a moment before, looks: " + ahead);
    }
    for (Need need : needs) {
      comparison.content(need);
    }
    if (kind.rebuilds()) {
      comparison.ofRebuilds();
    }
  }

  private void strikeAndSeeItStop(Kind.Stop stop, Observer observer) throws Exception {
    if (stop.sourceIsNew()) {
      endAndCompare(EnumSet.allOf(Need.class), observer);
    }
    List<Optional<long[]>> before = stop.needs().stream().map(this::cursors).toList();
    strike();
    long struck = System.nanoTime();
    for (Need need : stop.needs()) {
      scene.awaitReason(need, stop.reason(), NAMED_EVER);
    }
    recovery = Duration.ofNanos(System.nanoTime() - struck);
    note("stopped with " + stop.reason());
    stopped = recovery.compareTo(namedWithin) <= 0;
    if (!stopped) {
      findings.wrong(stop.reason() + " came after " + recovery + ", not within " + namedWithin);
    }
    nothingIsApplied(stop, before);
    if (kind.goesOn()) {
      setRightAndCompare(observer);
      return;
    }
    if (!stop.sourceIsNew()) {
      endAndCompare(EnumSet.complementOf(EnumSet.copyOf(stop.needs())), observer);
    }
    remedy(stop.needs());
  }

  private void setRightAndCompare(Observer observer) throws Exception {
    kind.setRight(scene, random);
    note("is set right");
    kind.settle(scene);
    endAndCompare(EnumSet.allOf(Need.class), observer);
  }

  /** More comes in, and none of it may reach a store that stopped. */
  private void nothingIsApplied(Kind.Stop stop, List<Optional<long[]>> before) throws Exception {
    if (stop.sourceIsNew()) {
      scene.load().publish(500);
    }
    List<Optional<long[]>> then =
        stop.sourceIsNew() ? before : stop.needs().stream().map(this::cursors).toList();
    Thread.sleep(WATCHED_AFTER_STOP);
    int i = 0;
    for (Need need : stop.needs()) {
      Optional<long[]> was = then.get(i++);
      Optional<long[]> now = cursors(need);
      if (!was.map(Arrays::toString).equals(now.map(Arrays::toString))) {
        findings.wrong(
            need
                + " was applied to after it stopped: "
                + was.map(Arrays::toString)
                + " to "
                + now.map(Arrays::toString));
      }
      if (now.isEmpty()
          && need == Need.HASHES
          && scene.site().redis().keys(scene.place(need)) > 0) {
        findings.wrong(need + " was written to without a cursor");
      }
    }
  }

  /** What the pages in docs/conditions say: delete the subscription and ask again. */
  private void remedy(Set<Need> hit) throws Exception {
    for (Need need : hit) {
      scene.withdraw(need);
    }
    for (Need need : hit) {
      scene.ask(need);
    }
    for (Need need : hit) {
      scene.awaitReady(need);
    }
    scene.load().publish(300);
    scene.awaitPast(EnumSet.allOf(Need.class), scene.end());
    scene.readLog();
    for (Need need : Need.values()) {
      comparison.content(need);
    }
  }

  /** Empty when the store has not all of them. */
  private Optional<long[]> cursors(Need need) {
    try {
      return Optional.of(scene.cursors(need));
    } catch (CursorMissing e) {
      return Optional.empty();
    } catch (Exception e) {
      throw new IllegalStateException("the store does not answer", e);
    }
  }

  private void note(String sentence) {
    scene.site().trace().note(kind.name() + " " + sentence);
  }

  static String sentence(Throwable e) {
    StringBuilder text = new StringBuilder(e.getClass().getSimpleName() + ": " + e.getMessage());
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      text.append("; because ").append(cause.getClass().getSimpleName());
      text.append(": ").append(cause.getMessage());
    }
    return text.toString();
  }
}
