package dev.millrace.standalone.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where one platform keeps everything, held by one process at a time. Below it: {@code kafka},
 * {@code postgres}, {@code redis}, {@code vault}, {@code log}, and {@code run} with what other
 * processes of the same user need.
 */
public final class DataDirectory implements AutoCloseable {

  /** Of what is written below; a directory of a higher one is refused. */
  private static final int FORMAT = 1;

  private static final long LEAST_FREE_BYTES = 500L << 20;

  private final Path home;
  private final FileChannel channel;

  private DataDirectory(Path home, FileChannel channel) {
    this.home = home;
    this.channel = channel;
  }

  /** The directory meant: the one given, seen from where the person is, or the user's own. */
  public static Path path(Optional<Path> given) {
    String calledFrom = System.getProperty("millrace.called-from", "");
    return given
        .map(path -> Path.of(calledFrom).resolve(path))
        .orElseGet(DataDirectory::usersOwn)
        .toAbsolutePath()
        .normalize();
  }

  /**
   * Takes the directory, making it if it is not there.
   *
   * @throws StartFailed when another process has it, a newer version wrote it, or the disk is full
   */
  public static DataDirectory open(Path home) {
    try {
      Files.createDirectories(home.resolve("run"));
      Files.createDirectories(home.resolve("log"));
      wantSpace(home);
      DataDirectory directory = new DataDirectory(home, lock(home));
      directory.wantFormat();
      return directory;
    } catch (IOException e) {
      throw new StartFailed(
          "the data directory " + home + " cannot be used (" + e + "): give another with --data");
    }
  }

  public Path home() {
    return home;
  }

  public Path run(String file) {
    return home.resolve("run").resolve(file);
  }

  public Path log() {
    return home.resolve("log").resolve("millrace.log");
  }

  public Path vault() {
    return home.resolve("vault");
  }

  /** Lets the directory go. What says that a platform runs here goes with it. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(run("url"));
      channel.close();
    } catch (IOException e) {
      System.getLogger(DataDirectory.class.getName())
          .log(System.Logger.Level.DEBUG, "the process ends and takes the lock with it", e);
    }
  }

  private static Path usersOwn() {
    String xdg = System.getenv("XDG_DATA_HOME");
    return xdg != null && !xdg.isBlank()
        ? Path.of(xdg, "millrace")
        : Path.of(System.getProperty("user.home"), ".local", "share", "millrace");
  }

  private static void wantSpace(Path home) throws IOException {
    long free = Files.getFileStore(home).getUsableSpace();
    if (free < LEAST_FREE_BYTES) {
      throw new StartFailed(
          "the disk of "
              + home
              + " has "
              + (free >> 20)
              + " MB free and Millrace wants "
              + (LEAST_FREE_BYTES >> 20)
              + " MB: free some space, or give another disk with --data");
    }
  }

  private static FileChannel lock(Path home) throws IOException {
    FileChannel channel =
        FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      channel.close();
      throw new StartFailed(
          home
              + " is in use by another Millrace"
              + holder(home)
              + ": stop that one, or give this one a directory of its own with --data DIR --port"
              + " PORT");
    }
    Files.writeString(home.resolve("run").resolve("pid"), ProcessHandle.current().pid() + "\n");
    return channel;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException sameProcess) {
      return null;
    }
  }

  private static String holder(Path home) {
    try {
      return " (pid " + Files.readString(home.resolve("run").resolve("pid")).strip() + ")";
    } catch (IOException unknown) {
      return "";
    }
  }

  private void wantFormat() throws IOException {
    Path file = home.resolve("format");
    int found;
    try {
      found = Integer.parseInt(Files.readString(file).strip());
    } catch (NoSuchFileException fresh) {
      Files.writeString(file, FORMAT + "\n");
      return;
    } catch (NumberFormatException e) {
      throw new StartFailed(file + " holds no number: is " + home + " a data directory at all?");
    }
    if (found > FORMAT) {
      throw new StartFailed(
          home
              + " was written by a newer version of Millrace (format "
              + found
              + ", this one knows "
              + FORMAT
              + "): use that version, or give another directory with --data");
    }
  }
}
