package dev.millrace.bench.contestant;

import dev.millrace.bench.site.Site;

/** Does one kind of work, once in each round. */
public interface Contestant {
  /** What it is called in results. */
  String name();

  /** Begins with an empty store, verifies what came of it, and leaves nothing behind. */
  Attempt run(Site site, Scale scale, int round) throws Exception;

  /** A program of others, which takes its time: only on demand. */
  default boolean isPeer() {
    return false;
  }
}
