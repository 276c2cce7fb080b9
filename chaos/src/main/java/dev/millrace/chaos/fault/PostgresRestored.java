package dev.millrace.chaos.fault;

import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Scene;
import java.util.Random;

/** Somebody brings the database back as it was before the round. */
final class PostgresRestored implements Kind {
  @Override
  public String name() {
    return "postgres-restored";
  }

  @Override
  public boolean rewinds() {
    return true;
  }

  @Override
  public void prepare(Scene scene) throws Exception {
    scene.site().postgres().backUp();
  }

  @Override
  public void strike(Scene scene, Random random) throws Exception {
    scene.site().postgres().restore();
  }
}
