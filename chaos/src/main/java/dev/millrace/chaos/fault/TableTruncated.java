package dev.millrace.chaos.fault;

import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import java.util.Optional;
import java.util.Random;

/**
 * Somebody empties the table. Its cursors lie in another one, so no writer can notice. It is the
 * one that keeps every event: in the others rows come back as their keys change.
 */
final class TableTruncated implements Kind {
  @Override
  public String name() {
    return "table-truncated";
  }

  @Override
  public Optional<Need> provenWrong() {
    return Optional.of(Need.JOURNAL);
  }

  @Override
  public void strike(Scene scene, Random random) throws Exception {
    scene.site().postgres().run("TRUNCATE public." + scene.place(Need.JOURNAL));
  }
}
