package dev.millrace.bench.peer;

import java.io.IOException;

/**
 * How a process and who measures it agree: it says {@link #UP} when it could begin, is told {@link
 * #GO}, and says {@link #DONE} when all is committed. Its clients connect after {@link #GO}.
 */
public final class Signal {
  public static final String UP = "up";
  public static final String GO = "go";
  public static final String DONE = "done";

  /** Of what goes on until it is ended: from here on it hears of each event. */
  public static final String LISTENING = "listening";

  private Signal() {}

  static void awaitGo() throws IOException {
    say(UP);
    while (System.in.read() != '\n') {
      continue;
    }
  }

  /** Says so and waits to be ended, so that its memory can still be looked at. */
  static void done(String further) throws IOException {
    say(DONE + further);
    while (System.in.read() >= 0) {
      continue;
    }
  }

  static void say(String word) {
    System.out.println(word);
    System.out.flush();
  }
}
