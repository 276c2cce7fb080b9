package dev.millrace.operator.store;

import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Postgres, by {@code initdb} and {@code postgres}. */
final class PostgresRecipe implements Recipe {
  private static final String CLUSTER = DATA + "/pgdata";
  private static final long MB = 1L << 20;

  @Override
  public int port() {
    return 5432;
  }

  @Override
  public long user() {
    return 999;
  }

  /**
   * A cluster is made beside and moved into place: an {@code initdb} that was killed leaves nothing
   * that looks like one. The password is set in single-user mode, by standard input.
   */
  @Override
  public String prepare() {
    return """
    set -eu
    cd %1$s
    if [ ! -e pgdata ]; then
      rm -rf pgdata.new
      initdb --pgdata=pgdata.new --username=postgres --pwfile=%2$s/password \\
        --auth=scram-sha-256 --encoding=UTF8 --locale=C --data-checksums
      mv pgdata.new pgdata
    fi
    letin='host all all all scram-sha-256'
    grep -qx "$letin" pgdata/pg_hba.conf || echo "$letin" >> pgdata/pg_hba.conf
    # A volume that is mounted anew may have got rights for its group, which Postgres refuses.
    chmod 0700 pgdata
    made=$(cat pgdata/PG_VERSION)
    runs=$(postgres --version | sed 's/[^0-9]*\\([0-9]*\\).*/\\1/')
    if [ "$made" != "$runs" ]; then
      echo "the data is of Postgres $made and the image is $runs: give the class an image of $made, and move to a store of another class" >&2
      exit 1
    fi
    echo "ALTER ROLE postgres PASSWORD '$(cat %2$s/password)'" |
      postgres --single -D pgdata -c exit_on_error=on -c huge_pages=off \\
        -c shared_buffers=16MB postgres >/dev/null
    """
        .formatted(DATA, LOGIN);
  }

  /** A checkpoint comes by time rather than by size, and its log leaves room for the data. */
  @Override
  public List<String> command(long memory, long storage) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("listen_addresses", "$(" + ADDRESS + ")");
    settings.put("unix_socket_directories", "/tmp");
    // A Pod gets none, and where a node has some, Postgres would take them and be killed.
    settings.put("huge_pages", "off");
    settings.put("max_connections", Long.toString(Math.clamp(memory / 5 / MB, 20, 200)));
    settings.put("shared_buffers", memory / 4 / MB + "MB");
    settings.put("effective_cache_size", memory / 2 / MB + "MB");
    settings.put("max_wal_size", Math.clamp(storage / 5 / MB, 64, 4096) + "MB");
    settings.put("checkpoint_timeout", "15min");
    List<String> command = new ArrayList<>(List.of("postgres", "-D", CLUSTER));
    settings.forEach((name, value) -> {
      command.add("-c");
      command.add(name + "=" + value);
    });
    return command;
  }

  /** The server keeps its state as a line of this file; nobody has to connect for it. */
  @Override
  public Probe ready() {
    return new ProbeBuilder()
        .withNewExec()
        .withCommand("grep", "-q", "^ready", CLUSTER + "/postmaster.pid")
        .endExec()
        .withPeriodSeconds(2)
        .withTimeoutSeconds(3)
        .build();
  }

  /** SIGTERM would wait until all have left. */
  @Override
  public Optional<List<String>> stop() {
    return Optional.of(List.of("pg_ctl", "stop", "-D", CLUSTER, "-m", "fast", "-t", "100"));
  }
}
