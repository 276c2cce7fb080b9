package dev.millrace.chaos.mutants;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who must find a bug. */
sealed interface Finder {

  /** Any seed of the simulator's range. */
  record Simulator() implements Finder {
    @Override
    public String toString() {
      return "simulator";
    }
  }

  /**
   * One test method.
   *
   * @param module whose tests it is among
   * @param type the class, with its package
   */
  record Test(String module, String type, String method) implements Finder {
    @Override
    public String toString() {
      return type.substring(type.lastIndexOf('.') + 1) + "#" + method;
    }
  }

  Pattern TEST = Pattern.compile("test ([a-z]+) ([\\w.]+)#(\\w+)");

  /** {@code simulator}, or {@code test MODULE CLASS#METHOD}. */
  static Finder parse(String text) {
    if (text.equals("simulator")) {
      return new Simulator();
    }
    Matcher test = TEST.matcher(text);
    if (!test.matches()) {
      throw new IllegalArgumentException(
          "found by: simulator, or test MODULE CLASS#METHOD; not " + text);
    }
    return new Test(test.group(1), test.group(2), test.group(3));
  }
}
