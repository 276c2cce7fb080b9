package dev.millrace.stores.redis;

import dev.millrace.embedded.EmbeddedRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The embedded server, or another version: {@code -Dmillrace.test.redis=/usr/bin/redis-server}.
 *
 * @param password of the user {@code default}
 */
record TestServer(int port, long pid, String password, Runnable stop) implements AutoCloseable {

  static TestServer start(Path directory) {
    String binary = System.getProperty("millrace.test.redis", "");
    if (!binary.isEmpty()) {
      return start(directory, binary);
    }
    EmbeddedRedis redis = EmbeddedRedis.start(directory, 0);
    return new TestServer(redis.port(), redis.pid(), redis.password(), redis::close);
  }

  /** One that does not know RESTORE, as some providers' do not. */
  static TestServer withoutRestore(Path directory) {
    String binary;
    try (TestServer any = start(directory.resolve("any"))) {
      binary = ProcessHandle.of(any.pid()).orElseThrow().info().command().orElseThrow();
    }
    return start(directory.resolve("without"), binary, "--rename-command", "RESTORE", "");
  }

  private static TestServer start(Path directory, String binary, String... more) {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = free.getLocalPort();
      free.close();
      Files.createDirectories(directory);
      Path users = directory.resolve("users.acl");
      if (!Files.exists(users)) {
        Files.writeString(users, "user default on >secret ~* &* +@all\n");
      }
      List<String> command =
          new ArrayList<>(
              List.of(
                  binary,
                  "--port",
                  "" + port,
                  "--bind",
                  "127.0.0.1",
                  "--appendonly",
                  "yes",
                  "--aclfile",
                  "users.acl",
                  "--save",
                  ""));
      command.addAll(List.of(more));
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("redis.log").toFile())
              .start();
      awaitAnswer(port, process);
      return new TestServer(port, process.pid(), "secret", () -> end(process));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitAnswer(int port, Process process) throws IOException {
    while (true) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException notYet) {
        if (!process.isAlive()) {
          throw notYet;
        }
        Thread.onSpinWait();
      }
    }
  }

  private static void end(Process process) {
    process.destroy();
    process.onExit().join();
  }

  /** As a crash of the machine would, but for what the kernel still has. */
  void kill() {
    ProcessHandle.of(pid)
        .ifPresent(process -> {
          process.destroyForcibly();
          process.onExit().join();
        });
  }

  @Override
  public void close() {
    stop.run();
  }
}
