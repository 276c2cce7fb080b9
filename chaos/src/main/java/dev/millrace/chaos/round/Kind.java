package dev.millrace.chaos.round;

import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** One way in which the world breaks. Called from one thread, in the order of the methods below. */
public interface Kind {
  /** As {@code --kinds} takes it. */
  String name();

  /** Whether a store may lose its last moments, so that its cursors go back with its rows. */
  default boolean rewinds() {
    return false;
  }

  /** What makes a pipeline stop that nothing can repair; empty for what heals. */
  default Optional<Stop> stops() {
    return Optional.empty();
  }

  /** A subscription whose content is spoilt in a way that only a verification can find. */
  default Optional<Need> provenWrong() {
    return Optional.empty();
  }

  /**
   * Whether content is built anew or altered meanwhile. Then stores are looked at much more often,
   * as the moment that matters is short, and nothing of it may be left in the end.
   */
  default boolean rebuilds() {
    return false;
  }

  /**
   * Whether the log, or what was asked, is such afterwards that another round needs a fresh one.
   */
  default boolean spendsTheScene() {
    return stops().isPresent() && !goesOn();
  }

  /** Whether what stopped goes on where it stands, once it is set right, and nothing was lost. */
  default boolean goesOn() {
    return false;
  }

  /** Does what the condition's page says, under load. */
  default void setRight(Scene scene, Random random) throws Exception {}

  /** Why this machine cannot do it; empty where it can. */
  default Optional<String> impossible() throws Exception {
    return Optional.empty();
  }

  /** Before the load begins. */
  default void prepare(Scene scene) throws Exception {}

  /**
   * Breaks something under load. Of a recoverable kind it returns when it is whole again.
   *
   * @throws dev.millrace.chaos.platform.FaultMissed when nothing broke
   */
  void strike(Scene scene, Random random) throws Exception;

  /** Returns when all that the fault interrupted has come to its end. */
  default void settle(Scene scene) throws Exception {}

  /** After everything was compared, or the round failed. */
  default void after(Scene scene) throws Exception {}

  /**
   * @param needs which subscriptions stop; the others go on
   * @param reason the condition's
   * @param sourceIsNew the stream itself is another one afterwards, so the load has to end before
   */
  record Stop(Set<Need> needs, String reason, boolean sourceIsNew) {}
}
