package dev.millrace.chaos.fault;

import dev.millrace.chaos.fault.Moments.Step;
import dev.millrace.chaos.platform.Platform;
import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/** All three are built anew under load, and perhaps something strikes at a moment of it. */
final class Rebuild implements Kind {
  /** Loading takes a moment then. */
  private static final long HISTORY = 20_000;

  private final String name;
  private final boolean rewinds;
  private final Strike strike;
  private final Settle settle;

  private interface Strike {
    void strike(Scene scene, Random random) throws Exception;
  }

  private interface Settle {
    void settle(Scene scene) throws Exception;
  }

  private Rebuild(String name, boolean rewinds, Strike strike, Settle settle) {
    this.name = name;
    this.rewinds = rewinds;
    this.strike = strike;
    this.settle = settle;
  }

  static List<Kind> kinds() {
    return Stream.of(
            Stream.of(
                undisturbed("rebuilt", Change.TOKEN),
                undisturbed("redefined", Change.FILTER),
                undisturbed("reshaped", Change.SHAPE)),
            Arrays.stream(Step.values()).map(Rebuild::killedAt),
            Stream.of(
                new Rebuild("rebuild-cancelled", false, Rebuild::cancel, Rebuild::awaitTakenBack),
                new Rebuild("rebuild-store-killed", true, Rebuild::killStore, Rebuild::awaitAll)))
        .<Kind>flatMap(kinds -> kinds)
        .toList();
  }

  private static Kind undisturbed(String name, Change change) {
    return new Rebuild(
        name,
        false,
        (scene, random) -> {
          for (Need need : inSomeOrder(random)) {
            ask(scene, need, change, random);
            Thread.sleep(random.nextInt(300));
          }
          awaitAll(scene);
        },
        scene -> {});
  }

  private static Kind killedAt(Step step) {
    return new Rebuild(
        "rebuild-killed-" + step.name().toLowerCase(Locale.ROOT).replace('_', '-'),
        false,
        (scene, random) -> killPlatform(scene, random, step),
        Rebuild::awaitAll);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean rewinds() {
    return rewinds;
  }

  @Override
  public boolean rebuilds() {
    return true;
  }

  @Override
  public void prepare(Scene scene) {
    scene.haveHistory(HISTORY);
  }

  @Override
  public void strike(Scene scene, Random random) throws Exception {
    strike.strike(scene, random);
  }

  @Override
  public void settle(Scene scene) throws Exception {
    settle.settle(scene);
  }

  private static void killPlatform(Scene scene, Random random, Step step) throws Exception {
    Platform platform = scene.site().platform();
    List<Need> needs = inSomeOrder(random);
    try (Moments moments = Moments.of(scene, needs.get(needs.size() - 1))) {
      askAll(scene, needs, Change.any(random), random);
      moments.await(step);
      platform.kill();
      scene.site().trace().note(moments.struck(step));
    }
    Thread.sleep(random.nextInt(1000));
    platform.startAgain();
  }

  /** What was asked for is taken back before it can be there, or, held, perhaps too late. */
  private static void cancel(Scene scene, Random random) throws Exception {
    Step step = Step.values()[random.nextInt(Step.BOTH_HELD.ordinal() + 1)];
    List<Need> needs = inSomeOrder(random);
    try (Moments moments = Moments.of(scene, needs.get(needs.size() - 1))) {
      Change change = random.nextBoolean() ? Change.FILTER : Change.SHAPE;
      askAll(scene, needs, change, random);
      moments.await(step);
      for (Need need : needs) {
        scene.takeBack(need);
      }
      scene.site().trace().note(moments.struck(step));
    }
  }

  private static void awaitTakenBack(Scene scene) throws Exception {
    for (Need need : Need.values()) {
      boolean inTime = scene.awaitTakenBack(need);
      scene
          .site()
          .trace()
          .note(need + " was taken back " + (inTime ? "in time" : "too late, and is built back"));
    }
  }

  private static void killStore(Scene scene, Random random) throws Exception {
    Step step = List.of(Step.LOADING, Step.COMPARED, Step.BOTH_HELD).get(random.nextInt(3));
    List<Need> needs = inSomeOrder(random);
    Need last = needs.get(needs.size() - 1);
    try (Moments moments = Moments.of(scene, last)) {
      askAll(scene, needs, Change.any(random), random);
      moments.await(step);
      Processes.killStoreOf(scene, last);
      scene.site().trace().note(step + " of " + last + " is struck, by the end of its store");
    }
    Thread.sleep(random.nextInt(3000));
    Processes.startStoreAgainOf(scene, last);
  }

  private static List<Need> inSomeOrder(Random random) {
    List<Need> needs = new ArrayList<>(List.of(Need.values()));
    Collections.shuffle(needs, random);
    return needs;
  }

  private static void askAll(Scene scene, List<Need> needs, Change change, Random random)
      throws Exception {
    scene.site().trace().note(needs + " are to be built anew by another " + change);
    for (Need need : needs) {
      ask(scene, need, change, random);
    }
  }

  private static void ask(Scene scene, Need need, Change change, Random random) throws Exception {
    scene.become(need, change.of(scene.variant(need), random));
  }

  private static void awaitAll(Scene scene) {
    for (Need need : Need.values()) {
      scene.awaitRebuilt(need);
    }
  }
}
