package dev.millrace.controller;

import dev.millrace.api.ObjectKey;
import java.time.Duration;

/**
 * When a subscription is to be looked at again. One thread at a time looks at a subscription; one
 * that is added meanwhile is looked at again after it. Returns at once, and never calls the
 * controller from within. Safe to share between threads.
 */
public interface Agenda {
  /** As soon as may be. */
  void add(ObjectKey subscription);

  /** After this time, or earlier when it is added meanwhile. */
  void addLater(ObjectKey subscription, Duration delay);
}
