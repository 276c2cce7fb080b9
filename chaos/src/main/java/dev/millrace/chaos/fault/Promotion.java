package dev.millrace.chaos.fault;

import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import java.util.List;
import java.util.Random;

/** An integer of the schema becomes a number, for which the rows of all three are built anew. */
final class Promotion implements Kind {
  static List<Kind> kinds() {
    return List.of(new Promotion());
  }

  @Override
  public String name() {
    return "field-promoted";
  }

  @Override
  public boolean rebuilds() {
    return true;
  }

  /** So that something was altered before it is built anew. */
  @Override
  public void prepare(Scene scene) throws Exception {
    Growth.prepare(scene, Growth.all(Growth.FIELD));
    if (scene.addedField().isEmpty()) {
      scene.addField();
      Growth.awaitAll(scene);
    }
  }

  @Override
  public void strike(Scene scene, Random random) throws Exception {
    scene.promoteField();
    for (Need need : Need.values()) {
      scene.awaitRebuilt(need);
    }
  }
}
