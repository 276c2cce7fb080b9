package dev.millrace.chaos.round;

import java.util.ArrayList;
import java.util.List;

/** What is not as it must be. */
public final class Findings {
  private static final int MOST_SHOWN = 20;

  private int lost;
  private int duplicated;
  private int outOfOrder;
  private int other;
  private final List<String> sentences = new ArrayList<>();

  public void lost(String sentence) {
    lost++;
    say("lost: " + sentence);
  }

  public void duplicated(String sentence) {
    duplicated++;
    say("duplicated: " + sentence);
  }

  public void outOfOrder(String sentence) {
    outOfOrder++;
    say("out of order: " + sentence);
  }

  public void wrong(String sentence) {
    other++;
    say(sentence);
  }

  public int lost() {
    return lost;
  }

  public int duplicated() {
    return duplicated;
  }

  public int outOfOrder() {
    return outOfOrder;
  }

  public boolean none() {
    return lost + duplicated + outOfOrder + other == 0;
  }

  /** The first ones. */
  public List<String> sentences() {
    return List.copyOf(sentences);
  }

  private void say(String sentence) {
    if (sentences.size() < MOST_SHOWN) {
      sentences.add(sentence);
    }
  }
}
