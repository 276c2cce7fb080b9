package dev.millrace.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Postgres server of its own, on loopback, with scram passwords and durable writes. Data lasts;
 * the password is the one of the first start.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  public static final String SUPERUSER = "millrace";

  private final OwnedProcess process;
  private final int port;
  private final String password;

  private EmbeddedPostgres(OwnedProcess process, int port, String password) {
    this.process = process;
    this.port = port;
    this.password = password;
  }

  /**
   * Ends an orphan of an earlier run on this directory, makes the cluster if there is none, and
   * starts the server. Returns when it takes connections.
   *
   * @param directory for data, log and pid file. Run by root, the data itself may lie elsewhere:
   *     see {@code RATIONALE.md}
   * @param port 0 takes a free one
   * @throws ServerFailed with one sentence for a person
   */
  public static EmbeddedPostgres start(Path directory, int port) {
    return start(directory, port, Map.of());
  }

  /**
   * The same.
   *
   * @param settings of the server, by their names; they win over ours
   */
  public static EmbeddedPostgres start(Path directory, int port, Map<String, String> settings) {
    try {
      Files.createDirectories(directory);
      endOrphan(directory);
      Path pidFile = pidFile(directory);
      Path home = Locations.reachable(directory);
      prepare(home);
      Path data = home.resolve("data");
      String password = password(directory);
      if (!Files.exists(data.resolve("PG_VERSION"))) {
        initialize(data, password, pidFile, directory.resolve("initdb.log"));
      }
      Files.deleteIfExists(data.resolve("postmaster.pid"));
      int chosen = port == 0 ? Ports.free() : port;
      Path log = directory.resolve("postgres.log");
      OwnedProcess process =
          OwnedProcess.start(command(serverArguments(data, chosen, settings)), pidFile, "INT", log);
      Startup.await("Postgres", process, log, () -> saysReady(data.resolve("postmaster.pid")));
      return new EmbeddedPostgres(process, chosen, password);
    } catch (IOException e) {
      throw new ServerFailed("cannot prepare Postgres in " + directory + ": " + e.getMessage(), e);
    }
  }

  /** Ends the server that an earlier run, killed, left behind on this directory. */
  public static void endOrphan(Path directory) {
    OwnedProcess.endOrphan(pidFile(directory));
  }

  private static Path pidFile(Path directory) {
    return directory.resolve("server.pid");
  }

  public int port() {
    return port;
  }

  public String password() {
    return password;
  }

  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  public long pid() {
    return process.pid();
  }

  /** The directory with {@code bin/initdb} and {@code bin/postgres}, readable by every user. */
  public static Path binaries() {
    return Binaries.postgres();
  }

  /** Where the data of this directory lies, which for root may be another place. */
  public static Path dataHome(Path directory) {
    return Locations.reachable(directory);
  }

  @Override
  public void close() {
    process.stop();
  }

  private static void prepare(Path home) throws IOException {
    Files.createDirectories(home);
    Optional<Locations.Account> account = Locations.lentAccount();
    if (account.isPresent()) {
      Files.setAttribute(home, "unix:uid", (int) account.get().uid());
      Files.setAttribute(home, "unix:gid", (int) account.get().gid());
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static String password(Path directory) throws IOException {
    Path file = directory.resolve("password");
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, Passwords.fresh());
    }
    return Files.readString(file);
  }

  /** Made beside and moved into place: a killed initdb leaves nothing that looks like a cluster. */
  private static void initialize(Path data, String password, Path pidFile, Path log)
      throws IOException {
    Path fresh = data.resolveSibling("data.new");
    if (Files.exists(fresh)) {
      Binaries.deleteTree(fresh);
    }
    if (Files.exists(data)) {
      Binaries.deleteTree(data);
    }
    Path secret = data.resolveSibling("initdb.secret");
    Files.writeString(secret, password);
    Optional<Locations.Account> account = Locations.lentAccount();
    if (account.isPresent()) {
      Files.setAttribute(secret, "unix:uid", (int) account.get().uid());
    }
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    try {
      OwnedProcess initdb =
          OwnedProcess.start(
              command(
                  List.of(
                      binary("initdb"),
                      "-D",
                      fresh.toString(),
                      "-U",
                      SUPERUSER,
                      "--pwfile=" + secret,
                      "--auth=scram-sha-256",
                      "--encoding=UTF8",
                      "--locale=C",
                      "--no-sync")),
              pidFile,
              "INT",
              log);
      if (initdb.waitFor() != 0) {
        throw new ServerFailed(Startup.reason("Postgres (initdb)", log));
      }
    } finally {
      Files.deleteIfExists(secret);
    }
    Files.move(fresh, data);
  }

  private static List<String> serverArguments(Path data, int port, Map<String, String> settings) {
    Map<String, String> all =
        new HashMap<>(
            Map.ofEntries(
                Map.entry("listen_addresses", "127.0.0.1"),
                Map.entry("unix_socket_directories", ""),
                Map.entry("wal_level", "logical"),
                Map.entry("shared_buffers", "128MB"),
                Map.entry("max_wal_size", "4GB"),
                Map.entry("checkpoint_timeout", "15min"),
                Map.entry("max_connections", "200"),
                Map.entry("io_method", "sync"),
                Map.entry("lc_messages", "C")));
    all.putAll(settings);
    all.put("port", Integer.toString(port));
    List<String> arguments = new ArrayList<>(List.of(binary("postgres"), "-D", data.toString()));
    all.forEach((name, value) -> {
      arguments.add("-c");
      arguments.add(name + "=" + value);
    });
    return arguments;
  }

  private static ProcessBuilder command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    Locations.lentAccount()
        .ifPresent(account ->
            command.addAll(
                List.of(
                    "setpriv",
                    "--reuid=" + account.uid(),
                    "--regid=" + account.gid(),
                    "--clear-groups")));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    return builder;
  }

  private static String binary(String name) {
    return Binaries.postgres().resolve("bin").resolve(name).toString();
  }

  /** The server keeps its state as the last line of this file. */
  private static boolean saysReady(Path postmasterPid) {
    try {
      return Files.readString(postmasterPid).strip().endsWith("ready");
    } catch (IOException notYet) {
      return false;
    }
  }
}
