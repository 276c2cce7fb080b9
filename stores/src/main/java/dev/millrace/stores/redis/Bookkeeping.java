package dev.millrace.stores.redis;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;

/**
 * The names of Millrace's own keys. All begin with {@link #ROOT}, which no prefix of a subscription
 * may, so that no event can name one.
 */
final class Bookkeeping {
  static final String ROOT = "millrace:";

  /** Which subscription has which prefix on this server. In database 0, whatever a store uses. */
  static final String PREFIXES = ROOT + "prefixes";

  private final String store;

  Bookkeeping(ObjectKey store) {
    this.store = ROOT + store + ":";
  }

  /** What the keys of this store's bookkeeping begin with. */
  String root() {
    return store;
  }

  String cursor(PipelinePlan plan, int partition) {
    return store + "cursor:" + plan.uid() + ":" + partition;
  }

  /** Of no value ever. */
  String none() {
    return store + "none";
  }

  String deadLetters(PipelinePlan plan) {
    return store + "dead:" + plan.uid();
  }
}
