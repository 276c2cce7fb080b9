package dev.millrace.chaos.fault;

import dev.millrace.chaos.fault.AlterMoments.Step;
import dev.millrace.chaos.platform.Platform;
import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All three come to other columns under load while their stores keep their rows, and perhaps
 * something strikes at a moment of it.
 */
final class Alteration implements Kind {
  /** It is tried for half a second, and others may be in the way first. */
  private static final Duration NAMED = Duration.ofSeconds(60);

  private final String name;
  private final boolean rewinds;
  private final Columns columns;
  private final Strike strike;
  private final Settle settle;
  private Map<Need, Growth> growths = Map.of();

  /** Which way each of them is to come to other columns. */
  private interface Columns {
    Map<Need, Growth> of(Scene scene);
  }

  private interface Strike {
    void strike(Scene scene, Map<Need, Growth> growths, Random random) throws Exception;
  }

  private interface Settle {
    void settle(Scene scene) throws Exception;
  }

  private Alteration(String name, boolean rewinds, Columns columns, Strike strike, Settle settle) {
    this.name = name;
    this.rewinds = rewinds;
    this.columns = columns;
    this.strike = strike;
    this.settle = settle;
  }

  static List<Kind> kinds() {
    return Stream.of(
            Stream.of(
                undisturbed("field-added", Growth.FIELD),
                undisturbed("column-widened", Growth.DIGIT)),
            Arrays.stream(Step.values()).map(Alteration::killedAt),
            Stream.of(
                new Alteration(
                    "alter-store-killed",
                    true,
                    Growth::mixed,
                    Alteration::killStore,
                    Growth::awaitAll),
                new Alteration(
                    "alter-taken-back",
                    false,
                    scene -> Growth.all(Growth.FIELD),
                    (scene, growths, random) -> takeBack(scene, random),
                    scene -> {}),
                new Alteration(
                    "alter-table-read",
                    false,
                    Growth::mixed,
                    Alteration::readLong,
                    Growth::awaitAll)))
        .<Kind>flatMap(kinds -> kinds)
        .toList();
  }

  private static Kind undisturbed(String name, Growth growth) {
    return new Alteration(
        name,
        false,
        scene -> Growth.all(growth),
        (scene, growths, random) -> {
          Growth.ask(scene, growths, random);
          Growth.awaitAll(scene);
        },
        scene -> {});
  }

  private static Kind killedAt(Step step) {
    return new Alteration(
        "alter-killed-" + step.name().toLowerCase(Locale.ROOT),
        false,
        Growth::mixed,
        (scene, growths, random) -> killPlatform(scene, growths, random, step),
        Growth::awaitAll);
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
  public void prepare(Scene scene) throws Exception {
    growths = columns.of(scene);
    Growth.prepare(scene, growths);
  }

  @Override
  public void strike(Scene scene, Random random) throws Exception {
    strike.strike(scene, growths, random);
  }

  @Override
  public void settle(Scene scene) throws Exception {
    settle.settle(scene);
  }

  private static void killPlatform(Scene scene, Map<Need, Growth> growths, Random random, Step step)
      throws Exception {
    Platform platform = scene.site().platform();
    try (AlterMoments moments = AlterMoments.of(scene, any(random))) {
      Growth.ask(scene, growths, random);
      moments.await(step);
      platform.kill();
      scene.site().trace().note(moments.struck(step));
    }
    Thread.sleep(random.nextInt(1000));
    platform.startAgain();
  }

  private static void killStore(Scene scene, Map<Need, Growth> growths, Random random)
      throws Exception {
    Step step = random.nextBoolean() ? Step.HELD : Step.ALTERED;
    Need need = any(random);
    try (AlterMoments moments = AlterMoments.of(scene, need)) {
      Growth.ask(scene, growths, random);
      moments.await(step);
      Processes.killStoreOf(scene, need);
      scene.site().trace().note(step + " of " + need + " is struck, by the end of its store");
    }
    Thread.sleep(random.nextInt(3000));
    Processes.startStoreAgainOf(scene, need);
  }

  /**
   * The schema is put back before a field is there, or, for some, behind that: these stop. Then it
   * comes for good.
   */
  private static void takeBack(Scene scene, Random random) throws Exception {
    Step step = Step.values()[random.nextInt(Step.values().length)];
    String field;
    try (AlterMoments moments = AlterMoments.of(scene, any(random))) {
      field = scene.addField();
      moments.await(step);
      if (random.nextBoolean()) {
        Platform platform = scene.site().platform();
        platform.kill();
        scene.site().trace().note(moments.struck(step));
        platform.startAgain();
      }
    }
    String type = scene.dropField(field);
    Set<Need> without = EnumSet.noneOf(Need.class);
    for (Need need : Need.values()) {
      if (!scene.awaitFieldTakenBack(need, field)) {
        without.add(need);
      }
    }
    scene.site().trace().note(field + " is taken back, and has not come to " + without);
    scene.addFieldAgain(field, type, without);
    for (Need need : Need.values()) {
      if (without.contains(need)) {
        scene.awaitAltered(need);
      } else {
        scene.awaitAlteredAgain(need);
      }
    }
  }

  /** Somebody's query is older than the change, so the table cannot be altered before its end. */
  private static void readLong(Scene scene, Map<Need, Growth> growths, Random random)
      throws Exception {
    Need need = random.nextBoolean() ? Need.TABLE : Need.JOURNAL;
    try (Connection reader = scene.site().postgres().connect();
        Statement query = reader.createStatement()) {
      reader.setAutoCommit(false);
      query.execute("SELECT count(*) FROM public." + scene.place(need));
      Growth.ask(scene, growths, random);
      scene.awaitReason(need, "TableLocked", NAMED);
      Thread.sleep(random.nextInt(3000));
      reader.rollback();
    }
  }

  private static Need any(Random random) {
    return Need.values()[random.nextInt(Need.values().length)];
  }
}
