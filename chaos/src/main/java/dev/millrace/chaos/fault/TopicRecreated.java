package dev.millrace.chaos.fault;

import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Random;

/** The topic is deleted and made anew under its name, and others' events begin to fill it. */
final class TopicRecreated implements Kind {
  @Override
  public String name() {
    return "topic-recreated";
  }

  @Override
  public Optional<Stop> stops() {
    return Optional.of(new Stop(EnumSet.allOf(Need.class), "SourceRecreated", true));
  }

  @Override
  public void strike(Scene scene, Random random) throws Exception {
    scene.recreateTopic();
  }
}
