package dev.millrace.provisioner.core;

import dev.millrace.api.ObjectKey;

/**
 * One grip on one store. What comes back under an older ticket concerns nobody any more.
 *
 * @param number never given twice by one core
 */
public record Ticket(ObjectKey subscription, long number) {
  @Override
  public String toString() {
    return subscription + "#" + number;
  }
}
