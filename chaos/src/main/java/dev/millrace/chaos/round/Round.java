package dev.millrace.chaos.round;

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
  private static final Duration NAMED_WITHIN = Duration.ofSeconds(15);
  private static final Duration WATCHED_AFTER_STOP = Duration.ofSeconds(2);

  private final Scene scene;
  private final Kind kind;
  private final Random random;
  private final Findings findings = new Findings();
  private final Comparison comparison;
  private Duration recovery = Duration.ZERO;
  private boolean stopped;
  private int observations;

  private Round(Scene scene, Kind kind, long seed) {
    this.scene = scene;
    this.kind = kind;
    this.random = new Random(seed);
    this.comparison = new Comparison(scene, findings);
  }

  /** Never throws what the fault or the product did wrong: that is in the result. */
  public static Result run(Scene scene, Kind kind, long seed, String commit) {
    Round round = new Round(scene, kind, seed);
    Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    try {
      round.perform();
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
    return new Result(
        commit,
        seed,
        kind.name(),
        at.toString(),
        kind.stops().isPresent(),
        round.stopped,
        round.findings.lost(),
        round.findings.duplicated(),
        round.findings.outOfOrder(),
        round.recovery.toMillis() / 1000.0,
        scene.log().events(),
        round.observations,
        round.findings.sentences());
  }

  private void perform() throws Exception {
    kind.prepare(scene);
    Observer observer = Observer.of(scene);
    try {
      scene.load().start(400 + random.nextInt(1600));
      Thread.sleep(300 + random.nextInt(1700));
      if (kind.stops().isPresent()) {
        strikeAndSeeItStop(kind.stops().get(), observer);
      } else {
        strikeAndSeeItHeal(observer);
      }
    } finally {
      observer.close();
      scene.load().stop();
    }
  }

  private void strikeAndSeeItHeal(Observer observer) throws Exception {
    kind.strike(scene, random);
    long healed = System.nanoTime();
    scene.awaitPast(EnumSet.allOf(Need.class), scene.end());
    recovery = Duration.ofNanos(System.nanoTime() - healed);
    Thread.sleep(200);
    endAndCompare(EnumSet.allOf(Need.class), observer);
  }

  /** The load ends; what goes on catches up; then all is compared. */
  private void endAndCompare(Set<Need> needs, Observer observer) throws Exception {
    scene.load().stop();
    scene.awaitPast(needs, scene.end());
    scene.readLog();
    observer.close();
    observations = observer.seen().size();
    comparison.observations(observer.seen(), kind.rewinds());
    for (Need need : needs) {
      comparison.content(need);
    }
  }

  private void strikeAndSeeItStop(Kind.Stop stop, Observer observer) throws Exception {
    if (stop.sourceIsNew()) {
      endAndCompare(EnumSet.allOf(Need.class), observer);
    }
    List<Optional<long[]>> before = stop.needs().stream().map(this::cursors).toList();
    kind.strike(scene, random);
    long struck = System.nanoTime();
    for (Need need : stop.needs()) {
      scene.awaitReason(need, stop.reason(), NAMED_WITHIN);
    }
    recovery = Duration.ofNanos(System.nanoTime() - struck);
    stopped = true;
    nothingIsApplied(stop, before);
    if (!stop.sourceIsNew()) {
      endAndCompare(EnumSet.complementOf(EnumSet.copyOf(stop.needs())), observer);
    }
    remedy(stop);
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
  private void remedy(Kind.Stop stop) throws Exception {
    for (Need need : stop.needs()) {
      scene.withdraw(need);
    }
    for (Need need : stop.needs()) {
      scene.ask(need);
    }
    for (Need need : stop.needs()) {
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

  private static String sentence(Throwable e) {
    StringBuilder text = new StringBuilder(e.getClass().getSimpleName() + ": " + e.getMessage());
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      text.append("; because ").append(cause.getClass().getSimpleName());
      text.append(": ").append(cause.getMessage());
    }
    return text.toString();
  }
}
