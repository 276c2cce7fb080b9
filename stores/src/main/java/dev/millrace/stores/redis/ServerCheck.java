package dev.millrace.stores.redis;

import dev.millrace.stores.StoreProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a server can be a store, and whether a login may do what it has to. */
final class ServerCheck {
  private final Connection connection;
  private final Problems problems;

  ServerCheck(Connection connection) {
    this.connection = connection;
    this.problems = connection.problems();
  }

  /**
   * @throws StoreProblem StoreUnsuitable or StoreReadOnly
   */
  void server() throws StoreProblem {
    server(ServerInfo.of(connection), problems);
  }

  static void server(ServerInfo info, Problems problems) throws StoreProblem {
    if (!info.atLeast(6, 2)) {
      throw problems.unsuitable(
          "it is version " + info.version(), "Use Redis 6.2 or later, or Valkey.");
    }
    if (info.isCluster()) {
      throw problems.cluster();
    }
    if (!info.isMaster()) {
      throw problems.refused("READONLY");
    }
    if (!info.evictionPolicy().equals("noeviction")) {
      throw problems.unsuitable(
          "when its memory is full it drops keys (maxmemory-policy " + info.evictionPolicy() + ")",
          "Run: CONFIG SET maxmemory-policy noeviction, and write it into redis.conf.");
    }
    if (!info.keepsAppendFile()) {
      throw noAppendFile(problems);
    }
  }

  static StoreProblem noAppendFile(Problems problems) {
    return problems.unsuitable(
        "it keeps no append-only file, so a crash would lose rows that were reported as kept",
        "Run: CONFIG SET appendonly yes, and write it into redis.conf.");
  }

  /**
   * @throws StoreProblem StoreUnsuitable where the configuration may be read and is wrong
   */
  void configuration() throws StoreProblem {
    if (setting("appendfsync").equals("no")) {
      throw problems.unsuitable(
          "it leaves the append-only file to the kernel (appendfsync no)",
          "Run: CONFIG SET appendfsync everysec, and write it into redis.conf.");
    }
    if (setting("no-appendfsync-on-rewrite").equals("yes")) {
      throw problems.unsuitable(
          "it does not sync its append-only file while it rewrites it",
          "Run: CONFIG SET no-appendfsync-on-rewrite no, and write it into redis.conf.");
    }
  }

  /** Empty where CONFIG is forbidden, as with most cloud providers. */
  private String setting(String name) throws StoreProblem {
    List<Reply> answer = connection.tryAsk("CONFIG", "GET", name).items();
    return answer.size() < 2 ? "" : answer.get(1).text();
  }

  /**
   * @throws StoreProblem PermissionMissing
   */
  void admin() throws StoreProblem {
    List<String[]> commands =
        List.of(
            new String[] {"ACL", "SETUSER", "millrace"},
            new String[] {"ACL", "DELUSER", "millrace"},
            new String[] {"CLIENT", "KILL", "ID", "0"});
    demand(missing(commands, Bookkeeping.ROOT));
  }

  /**
   * @param prefix of keys that it would write
   * @throws StoreProblem PermissionMissing with the very rules that are missing
   */
  void writer(String prefix) throws StoreProblem {
    List<String> missing = new ArrayList<>(missing(writersCommands(prefix + "probe"), prefix));
    // WATCH cannot stand in a transaction.
    Reply watched = connection.tryAsk("WATCH", prefix + "probe");
    if (watched instanceof Reply.Failure failure && failure.text().contains("'watch'")) {
      missing.add("+watch");
    }
    connection.tryAsk("UNWATCH");
    if (missing.isEmpty()) {
      connection.ask("MULTI");
      connection.ask("EXEC");
    }
    demand(missing);
  }

  /**
   * @param prefix of keys of shadows
   * @throws StoreProblem PermissionMissing with the very rules that a rebuild needs in addition
   */
  void rebuilds(String prefix) throws StoreProblem {
    String key = prefix + "probe";
    demand(missing(List.of(new String[] {"RENAME", key, key}, new String[] {"PTTL", key}), prefix));
  }

  private void demand(List<String> missing) throws StoreProblem {
    if (!missing.isEmpty()) {
      throw problems.missing("all it has to", String.join(" ", missing));
    }
  }

  /** Tries commands in a transaction that is then discarded, so that nothing changes. */
  private List<String> missing(List<String[]> commands, String prefix) throws StoreProblem {
    if (connection.tryAsk("MULTI") instanceof Reply.Failure) {
      return List.of("+multi", "+exec", "+discard");
    }
    List<String> missing = new ArrayList<>();
    for (String[] command : commands) {
      missing(command, prefix, connection.tryAsk(command))
          .filter(rule -> !missing.contains(rule))
          .ifPresent(missing::add);
    }
    connection.ask("DISCARD");
    return missing;
  }

  private Optional<String> missing(String[] command, String prefix, Reply reply)
      throws StoreProblem {
    if (!(reply instanceof Reply.Failure failure)) {
      return Optional.empty();
    }
    if (!failure.text().startsWith("NOPERM")) {
      throw problems.refused(failure.text());
    }
    return Optional.of(
        failure.text().contains("key") ? "~" + Glob.beginningWith(prefix) : Users.rule(command));
  }

  private static List<String[]> writersCommands(String key) {
    return List.of(
        new String[] {"SELECT", "0"},
        new String[] {"CLIENT", "ID"},
        new String[] {"CLIENT", "KILL", "ID", "0"},
        new String[] {"INFO"},
        new String[] {"UNWATCH"},
        new String[] {"EVAL", "return 1", "1", key},
        new String[] {"HSET", key, "a", "b"},
        new String[] {"HMGET", key, "a"},
        new String[] {"HGETALL", key},
        new String[] {"HDEL", key, "a"},
        new String[] {"SET", key, "a"},
        new String[] {"GET", key},
        new String[] {"PEXPIREAT", key, "1"},
        new String[] {"UNLINK", key},
        new String[] {"RPUSH", key, "a"},
        new String[] {"LRANGE", key, "0", "0"},
        new String[] {"LLEN", key},
        new String[] {"LREM", key, "1", "a"},
        new String[] {"SCAN", "0"},
        new String[] {"DBSIZE"});
  }
}
