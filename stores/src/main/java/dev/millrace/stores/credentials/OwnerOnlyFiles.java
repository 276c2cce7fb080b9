package dev.millrace.stores.credentials;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Files that only their owner may read, each written whole or not at all: a reader in another
 * process sees the old content or the new, and after a crash of the machine it is one of the two.
 */
final class OwnerOnlyFiles {
  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNER_DIRECTORY =
      PosixFilePermissions.fromString("rwx------");

  private final Path directory;

  private OwnerOnlyFiles(Path directory) {
    this.directory = directory;
  }

  static OwnerOnlyFiles in(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, OWNER_DIRECTORY);
    return new OwnerOnlyFiles(directory);
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  void replace(String name, byte[] content) throws IOException {
    Path fresh = fresh(content);
    Files.move(
        fresh, file(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncDirectory();
  }

  /** A link, unlike a move, fails when another process was first: then theirs stays. */
  void createIfAbsent(String name, byte[] content) throws IOException {
    Path fresh = fresh(content);
    try {
      Files.createLink(file(name), fresh);
      syncDirectory();
    } catch (FileAlreadyExistsException theirsStays) {
      return;
    } finally {
      Files.delete(fresh);
    }
  }

  void delete(String name) throws IOException {
    if (Files.deleteIfExists(file(name))) {
      syncDirectory();
    }
  }

  private Path fresh(byte[] content) throws IOException {
    Path fresh = directory.resolve("." + UUID.randomUUID() + ".new");
    try (FileChannel out =
        FileChannel.open(
            fresh,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_FILE))) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        out.write(rest);
      }
      out.force(true);
    }
    return fresh;
  }

  private void syncDirectory() throws IOException {
    try (FileChannel open = FileChannel.open(directory, StandardOpenOption.READ)) {
      open.force(true);
    }
  }
}
