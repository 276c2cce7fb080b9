package dev.millrace.stores.redis;

import dev.millrace.stores.StoreProblem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What INFO says of a server. It needs no right to read its configuration. */
final class ServerInfo {
  private final Map<String, String> facts = new HashMap<>();

  /**
   * @param text the answer to INFO
   */
  ServerInfo(String text) {
    text.lines()
        .map(line -> line.split(":", 2))
        .filter(fact -> fact.length == 2)
        .forEach(fact -> facts.put(fact[0], fact[1].strip()));
  }

  static ServerInfo of(Connection connection) throws StoreProblem {
    return new ServerInfo(connection.ask("INFO").text());
  }

  /** Of one run of the server: numbers of connections mean nothing in another. */
  String run() {
    return fact("run_id");
  }

  String version() {
    return fact("redis_version");
  }

  boolean atLeast(int major, int minor) {
    List<Integer> parts =
        List.of(version().split("\\.")).stream()
            .map(part -> part.matches("\\d{1,6}") ? Integer.parseInt(part) : 0)
            .toList();
    int isMajor = parts.get(0);
    int isMinor = parts.size() > 1 ? parts.get(1) : 0;
    return isMajor > major || (isMajor == major && isMinor >= minor);
  }

  boolean isCluster() {
    return fact("redis_mode").equals("cluster");
  }

  boolean isMaster() {
    return fact("role").equals("master");
  }

  String evictionPolicy() {
    return fact("maxmemory_policy");
  }

  boolean keepsAppendFile() {
    return fact("aof_enabled").equals("1");
  }

  /** The server's clock, which it looks at when it decides to sync its file. */
  long second() {
    return TimeUnit.MICROSECONDS.toSeconds(Long.parseLong(fact("server_time_usec")));
  }

  /** Until that clock shows another second. */
  long millisOfSecondLeft() {
    return 1_000
        - TimeUnit.MICROSECONDS.toMillis(Long.parseLong(fact("server_time_usec")) % 1_000_000);
  }

  /** Nothing is being synced, and the last write to the file worked. */
  boolean syncIdle() {
    return fact("aof_pending_bio_fsync").equals("0") && fact("aof_last_write_status").equals("ok");
  }

  private String fact(String name) {
    return facts.getOrDefault(name, "");
  }
}
