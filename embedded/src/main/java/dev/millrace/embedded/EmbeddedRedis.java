package dev.millrace.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A Redis server of its own, on loopback, with an append-only file and users that last. The
 * password is the one of the first start.
 */
public final class EmbeddedRedis implements AutoCloseable {
  private final OwnedProcess process;
  private final int port;
  private final String password;

  private EmbeddedRedis(OwnedProcess process, int port, String password) {
    this.process = process;
    this.port = port;
    this.password = password;
  }

  /**
   * Ends an orphan of an earlier run on this directory and starts the server. Returns when it has
   * loaded its data.
   *
   * @param port 0 takes a free one
   * @throws ServerFailed with one sentence for a person
   */
  public static EmbeddedRedis start(Path directory, int port) {
    try {
      Files.createDirectories(directory);
      endOrphan(directory);
      Path pidFile = pidFile(directory);
      String password = password(directory);
      int chosen = port == 0 ? Ports.free() : port;
      Path log = directory.resolve("redis.log");
      ProcessBuilder builder =
          new ProcessBuilder(Binaries.redis().toString(), "redis.conf")
              .directory(directory.toFile());
      writeConfiguration(directory, chosen);
      OwnedProcess process = OwnedProcess.start(builder, pidFile, "TERM", log);
      Startup.await("Redis", process, log, () -> answers(chosen, password));
      return new EmbeddedRedis(process, chosen, password);
    } catch (IOException e) {
      throw new ServerFailed("cannot prepare Redis in " + directory + ": " + e.getMessage(), e);
    }
  }

  /** Ends the server that an earlier run, killed, left behind on this directory. */
  public static void endOrphan(Path directory) {
    OwnedProcess.endOrphan(pidFile(directory));
  }

  /** The file {@code redis-server}. */
  public static Path binary() {
    return Binaries.redis();
  }

  private static Path pidFile(Path directory) {
    return directory.resolve("server.pid");
  }

  public int port() {
    return port;
  }

  /** Of the user {@code default}, who may do everything. */
  public String password() {
    return password;
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.stop();
  }

  private static void writeConfiguration(Path directory, int port) throws IOException {
    Files.write(
        directory.resolve("redis.conf"),
        List.of(
            "bind 127.0.0.1",
            "port " + port,
            "protected-mode yes",
            "aclfile users.acl",
            "appendonly yes",
            "appendfsync everysec",
            "save \"\"",
            "maxmemory-policy noeviction",
            "tcp-backlog 128"));
  }

  private static String password(Path directory) throws IOException {
    Path file = directory.resolve("password");
    Path users = directory.resolve("users.acl");
    if (!Files.exists(users)) {
      String password = Passwords.fresh();
      writePrivately(file, password);
      writePrivately(users, "user default on #" + sha256(password) + " ~* &* +@all\n");
    }
    return Files.readString(file);
  }

  private static void writePrivately(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  /** While it loads its file it answers with an error. */
  private static boolean answers(int port, String password) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(1000);
      socket
          .getOutputStream()
          .write(("AUTH " + password + "\r\nPING\r\n").getBytes(StandardCharsets.US_ASCII));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      return "+OK".equals(in.readLine()) && "+PONG".equals(in.readLine());
    } catch (IOException notYet) {
      return false;
    }
  }
}
