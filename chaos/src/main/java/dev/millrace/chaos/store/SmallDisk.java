package dev.millrace.chaos.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system in memory that is small enough to be filled. Only root can mount one. */
public final class SmallDisk implements AutoCloseable {
  private final Path at;

  private SmallDisk(Path at) {
    this.at = at;
  }

  /**
   * @param owner a file whose owner it is made for
   */
  static SmallDisk mount(Path at, int megabytes, Path owner)
      throws IOException, InterruptedException {
    Files.createDirectories(at);
    PostgresServer.command(
        "mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "millrace-chaos", at.toString());
    Path space = at.resolve("space");
    Files.createDirectory(space);
    PostgresServer.command("chown", "--reference=" + owner, at.toString(), space.toString());
    PostgresServer.command("chmod", "700", space.toString());
    return new SmallDisk(at);
  }

  /** Whether this process may mount one: root may, but often not in a container. */
  public static boolean possible() throws IOException, InterruptedException {
    Path at = Files.createTempDirectory("millrace-chaos-disk-");
    try {
      List<String> mount = List.of("mount", "-t", "tmpfs", "-o", "size=1m", "none", at.toString());
      if (new ProcessBuilder(mount).start().waitFor() != 0) {
        return false;
      }
      PostgresServer.command("umount", at.toString());
      return true;
    } finally {
      Files.delete(at);
    }
  }

  /** What may be used of it. */
  Path space() {
    return at.resolve("space");
  }

  /** Until not one block is left. */
  public void fill() throws IOException {
    byte[] block = new byte[1 << 12];
    try (OutputStream out = Files.newOutputStream(ballast())) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      if (at.toFile().getUsableSpace() > 0) {
        throw full;
      }
    }
  }

  public void makeRoom() throws IOException {
    Files.delete(ballast());
  }

  /** With all that is on it. */
  @Override
  public void close() throws IOException, InterruptedException {
    PostgresServer.command("umount", "--lazy", at.toString());
  }

  private Path ballast() {
    return at.resolve("ballast");
  }
}
