package dev.millrace.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Paths that the servers' user can reach. Postgres refuses to run as root, so root lends it another
 * user, and that one cannot enter a directory such as {@code /root}.
 */
final class Locations {
  private static final Path ROOTS_OWN = Path.of("/var/lib/millrace");

  /** A user to run servers as, when this process is root. */
  record Account(long uid, long gid) {}

  private Locations() {}

  /** Empty when this process is no root and needs nobody else. */
  static Optional<Account> lentAccount() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.empty();
    }
    List<String> lines = passwd();
    for (String wanted : List.of("postgres", "nobody")) {
      for (String line : lines) {
        String[] fields = line.split(":");
        if (fields.length > 3 && fields[0].equals(wanted)) {
          return Optional.of(new Account(Long.parseLong(fields[2]), Long.parseLong(fields[3])));
        }
      }
    }
    throw new ServerFailed(
        "Postgres does not run as root, and /etc/passwd has no user 'postgres' or 'nobody' to lend"
            + " it: add one, or start Millrace as an ordinary user");
  }

  static Path sharedCache() {
    if (lentAccount().isPresent()) {
      return ROOTS_OWN.resolve("cache");
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    return xdg != null && !xdg.isBlank()
        ? Path.of(xdg, "millrace")
        : Path.of(System.getProperty("user.home"), ".cache", "millrace");
  }

  /**
   * The wanted directory, or one below {@code /var/lib/millrace} named after it when the lent user
   * could not reach the wanted one.
   */
  static Path reachable(Path wanted) {
    Path real = wanted.toAbsolutePath().normalize();
    if (lentAccount().isEmpty() || othersMayPass(real.getParent())) {
      return real;
    }
    return ROOTS_OWN.resolve("data-" + digest(real.toString())).resolve(real.getFileName());
  }

  private static boolean othersMayPass(Path directory) {
    for (Path each = directory; each != null; each = each.getParent()) {
      try {
        if (Files.exists(each)
            && !Files.getPosixFilePermissions(each).contains(PosixFilePermission.OTHERS_EXECUTE)) {
          return false;
        }
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  private static List<String> passwd() {
    try {
      return Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new ServerFailed("cannot read /etc/passwd: " + e.getMessage(), e);
    }
  }

  private static String digest(String text) {
    try {
      byte[] full =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(full, 0, 6);
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
