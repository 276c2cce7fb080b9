package dev.millrace.chaos.fault;

import dev.millrace.chaos.load.Fields;
import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import dev.millrace.chaos.round.Variant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A product's schema changes in a way that subscriptions stop for, until somebody decides. */
final class SchemaBroken implements Kind {
  private final String name;
  private final Stop stop;
  private final Prepare prepare;
  private final Break breaking;

  /** Those that get columns while their stores keep their rows. */
  private final Set<Need> altered = EnumSet.noneOf(Need.class);

  private Remedy remedy = random -> {};

  private interface Prepare {
    void prepare(Scene scene) throws Exception;
  }

  private interface Break {
    /**
     * @return how it is set right
     */
    Remedy happens(Scene scene, Set<Need> altered) throws Exception;
  }

  private interface Remedy {
    void apply(Random random) throws Exception;
  }

  private SchemaBroken(String name, Stop stop, Prepare prepare, Break breaking) {
    this.name = name;
    this.stop = stop;
    this.prepare = prepare;
    this.breaking = breaking;
  }

  static List<Kind> kinds() {
    return List.of(
        new SchemaBroken(
            "field-added-stop",
            new Stop(EnumSet.of(Need.TABLE, Need.HASHES), "SchemaChanged", false),
            SchemaBroken::objecting,
            SchemaBroken::addField),
        new SchemaBroken(
            "field-dropped",
            new Stop(EnumSet.allOf(Need.class), "SchemaChanged", false),
            SchemaBroken::withFieldToDrop,
            SchemaBroken::dropField),
        new SchemaBroken(
            "selected-field-dropped",
            new Stop(EnumSet.allOf(Need.class), "SchemaUnfit", false),
            scene -> Growth.prepare(scene, Growth.all(Growth.DIGIT)),
            SchemaBroken::dropSelectedField));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<Stop> stops() {
    return Optional.of(stop);
  }

  @Override
  public boolean goesOn() {
    return true;
  }

  @Override
  public boolean rebuilds() {
    return true;
  }

  @Override
  public void prepare(Scene scene) throws Exception {
    altered.clear();
    prepare.prepare(scene);
  }

  @Override
  public void strike(Scene scene, Random random) throws Exception {
    remedy = breaking.happens(scene, altered);
  }

  @Override
  public void setRight(Scene scene, Random random) throws Exception {
    remedy.apply(random);
  }

  @Override
  public void settle(Scene scene) throws Exception {
    for (Need need : altered) {
      scene.awaitAltered(need);
    }
  }

  // --- who wants no change, and the schema gets a field ---------------------------------------

  /** The third takes it on. */
  private static void objecting(Scene scene) throws Exception {
    Growth.prepare(scene, Growth.all(Growth.FIELD));
    for (Need need : EnumSet.of(Need.TABLE, Need.HASHES)) {
      scene.restate(need, scene.variant(need).onSchemaChange("Stop"));
    }
  }

  private static Remedy addField(Scene scene, Set<Need> altered) throws Exception {
    scene.addField();
    altered.add(Need.JOURNAL);
    return random -> {
      for (Need need : EnumSet.of(Need.TABLE, Need.HASHES)) {
        Variant variant = scene.variant(need);
        if (random.nextBoolean()) {
          note(scene, need + " is built anew");
          scene.become(need, variant.withToken("accepted-" + Long.toHexString(random.nextLong())));
          scene.awaitRebuilt(need);
        } else {
          note(scene, need + " takes the field on");
          scene.alter(need, variant.onSchemaChange(null));
          altered.add(need);
        }
      }
    };
  }

  // --- a field goes that all three have -------------------------------------------------------

  private static void withFieldToDrop(Scene scene) throws Exception {
    Growth.prepare(scene, Growth.all(Growth.FIELD));
    if (scene.addedField().isEmpty()) {
      scene.addField();
      Growth.awaitAll(scene);
    }
  }

  private static Remedy dropField(Scene scene, Set<Need> altered) throws Exception {
    String field = scene.addedField().orElseThrow();
    String type = scene.dropField(field);
    return random -> {
      if (random.nextBoolean()) {
        note(scene, field + " is put back");
        scene.putBackField(field, type);
      } else {
        note(scene, "all are built anew without " + field);
        for (Need need : Need.values()) {
          scene.become(need, scene.variant(need).onSchemaChange("Rebuild"));
        }
        for (Need need : Need.values()) {
          scene.awaitRebuilt(need);
        }
      }
      awaitGoing(scene);
    };
  }

  // --- a field goes that all three name -------------------------------------------------------

  private static Remedy dropSelectedField(Scene scene, Set<Need> altered) throws Exception {
    String type = scene.dropField(Fields.AMOUNT);
    return random -> {
      boolean instead = random.nextBoolean();
      if (instead) {
        note(scene, "all are built anew without it");
        for (Need need : Need.values()) {
          scene.become(need, scene.variant(need).withFew());
        }
        for (Need need : Need.values()) {
          scene.awaitRebuilt(need);
        }
      }
      scene.putBackField(Fields.AMOUNT, type);
      awaitGoing(scene);
    };
  }

  private static void awaitGoing(Scene scene) {
    for (Need need : Need.values()) {
      scene.awaitNothingWrong(need);
    }
  }

  private static void note(Scene scene, String sentence) {
    scene.site().trace().note(sentence);
  }
}
