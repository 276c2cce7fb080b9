package dev.millrace.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * Server binaries, unpacked once for each machine. Unpacked beside and moved into place, so that
 * two processes may do it at once and a killed one leaves nothing half done.
 */
final class Binaries {
  private static final String POSTGRES = "postgres-18.6.0";
  private static final String REDIS = "redis-6.2";

  private Binaries() {}

  static Path postgres() {
    String platform = isMac() ? "darwin-" : "linux-";
    String resource = "/postgres-" + platform + (isArm() ? "arm_64" : "x86_64") + ".txz";
    return unpacked(POSTGRES, into -> untar(resource, into));
  }

  static Path redis() {
    String resource =
        isMac()
            ? "redis-server-6.2.6-v5-darwin-" + (isArm() ? "arm64" : "amd64")
            : isArm() ? "redis-server-6.2.7-linux-arm64" : "redis-server-6.2.6-v5-linux-amd64";
    return unpacked(REDIS, into -> copyExecutable("/" + resource, into.resolve("redis-server")))
        .resolve("redis-server");
  }

  private interface Unpack {
    void into(Path directory) throws IOException;
  }

  private static Path unpacked(String name, Unpack unpack) {
    Path home = Locations.sharedCache().resolve(name + (isArm() ? "-arm64" : "-amd64"));
    if (Files.isDirectory(home)) {
      return home;
    }
    try {
      Files.createDirectories(home.getParent());
      Path fresh = Files.createTempDirectory(home.getParent(), name + ".");
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
      unpack.into(fresh);
      moveIntoPlace(fresh, home);
      return home;
    } catch (IOException e) {
      throw new ServerFailed(
          "cannot unpack " + name + " into " + home.getParent() + ": " + e.getMessage(), e);
    }
  }

  private static void moveIntoPlace(Path fresh, Path home) throws IOException {
    try {
      Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (DirectoryNotEmptyException
        | FileAlreadyExistsException
        | AtomicMoveNotSupportedException otherProcessWasFirst) {
      deleteTree(fresh);
    }
  }

  static void deleteTree(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void untar(String resource, Path into) throws IOException {
    try (InputStream raw = open(resource);
        TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(raw))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = into.resolve(entry.getName()).normalize();
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
          } else {
            Files.copy(tar, target);
            boolean executable = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
          }
        }
      }
    }
  }

  private static void copyExecutable(String resource, Path target) throws IOException {
    try (InputStream in = open(resource)) {
      Files.copy(in, target);
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static InputStream open(String resource) throws IOException {
    InputStream in = Binaries.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IOException(
          "no server binary for "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + "; use a server that is there with --postgres or --redis");
    }
    return in;
  }

  private static boolean isMac() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
  }

  private static boolean isArm() {
    return System.getProperty("os.arch").toLowerCase(Locale.ROOT).matches("aarch64|arm64");
  }
}
