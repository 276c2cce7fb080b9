package dev.millrace.stores.redis;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** What stands in the way of a swap, as far as it can be seen before. */
final class SwapCheck {
  /** What the prefix of every shadow begins with. */
  static final String SHADOWS = "rebuild~";

  private SwapCheck() {}

  static void run(
      StoreSite site, PipelinePlan live, PipelinePlan next, Credentials login, int mostKeys)
      throws StoreProblem {
    samePrefix(live, next);
    try (Connection connection = Connection.open(site, login)) {
      RestingCursors.requireLive(connection, live);
      if (site.admin().isEmpty()) {
        new ServerCheck(connection).rebuilds(SHADOWS);
      }
      if (changesEveryKey(live, next)) {
        refuseTooMany(connection, live, mostKeys);
      }
    }
  }

  static void samePrefix(PipelinePlan live, PipelinePlan next) throws StoreProblem {
    String from = Objects.requireNonNull(live.target().keys()).prefix();
    String to = Objects.requireNonNull(next.target().keys()).prefix();
    if (!from.equals(to)) {
      throw new StoreProblem(
          "RebuildBlocked",
          "the keys of "
              + live.subscription()
              + " would begin with '"
              + to
              + "', not '"
              + from
              + "'",
          "Keep the prefix, or make another subscription with the new one.",
          false);
    }
  }

  /** Where the rows look another way, none can stay; otherwise only the swap itself can tell. */
  private static boolean changesEveryKey(PipelinePlan live, PipelinePlan next) {
    PipelinePlan.Keys from = Objects.requireNonNull(live.target().keys());
    PipelinePlan.Keys to = Objects.requireNonNull(next.target().keys());
    return !from.structure().equals(to.structure()) || !from.template().equals(to.template());
  }

  private static void refuseTooMany(Connection connection, PipelinePlan live, int most)
      throws StoreProblem {
    if (connection.ask("DBSIZE").number() <= most) {
      return;
    }
    KeySpace keys = new KeySpace(connection, Objects.requireNonNull(live.target().keys()).prefix());
    Set<ByteBuffer> seen = new HashSet<>();
    String place = "0";
    do {
      place = keys.keysFrom(place, key -> seen.add(ByteBuffer.wrap(key)));
    } while (!place.equals("0") && seen.size() <= most);
    if (seen.size() > most) {
      throw tooLarge(live, "all of more than " + most, most);
    }
  }

  static StoreProblem tooLarge(PipelinePlan live, String changed, int most) {
    return new StoreProblem(
        "RebuildTooLarge",
        "the rebuild of "
            + live.subscription()
            + " changes "
            + changed
            + " keys, and the server would stand still for more than 2 s while they change in one"
            + " step; the limit is "
            + most,
        "Cancel it, make a second subscription with a key prefix of its own, and delete this one when"
            + " its readers have moved.",
        false);
  }
}
