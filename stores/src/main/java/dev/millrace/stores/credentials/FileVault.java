package dev.millrace.stores.credentials;

import dev.millrace.api.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Logins and keys in a directory, one encrypted file each, named by a digest of its reference: no
 * reference can lead out of the directory, and the names tell nothing. Nothing is held in memory,
 * so another process on the same directory sees every change at its next call.
 */
public final class FileVault implements Vault {
  private static final String KEY_FILE = "vault.key";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final OwnerOnlyFiles files;
  private final Seal seal;

  private FileVault(OwnerOnlyFiles files, Seal seal) {
    this.files = files;
    this.seal = seal;
  }

  /**
   * Makes the directory and the key that everything is encrypted under, if they are missing. Both
   * belong into the same backup: without the key the rest is noise.
   */
  public static FileVault open(Path directory) {
    try {
      OwnerOnlyFiles files = OwnerOnlyFiles.in(directory);
      Path key = files.file(KEY_FILE);
      if (!Files.exists(key)) {
        files.createIfAbsent(KEY_FILE, random(Seal.KEY_BYTES));
      }
      return new FileVault(files, new Seal(readKey(key)));
    } catch (IOException e) {
      throw new VaultDamaged("cannot open the vault in " + directory + ": " + e, e);
    }
  }

  @Override
  public Optional<Credentials> credentials(String reference) {
    return read(new Entry("login", reference)).map(FileVault::decoded);
  }

  @Override
  public Optional<byte[]> key(String reference) {
    return read(new Entry("key", reference));
  }

  @Override
  public void put(String reference, Credentials credentials) {
    write(new Entry("login", reference), encoded(credentials));
  }

  @Override
  public void putKey(String reference, byte[] key) {
    write(new Entry("key", reference), key);
  }

  @Override
  public void delete(String reference) {
    try {
      files.delete(new Entry("login", reference).file());
      files.delete(new Entry("key", reference).file());
    } catch (IOException e) {
      throw new VaultDamaged("cannot delete " + reference + " from the vault: " + e, e);
    }
  }

  /** A login and a key may be kept under one reference. */
  private record Entry(String kind, String reference) {
    String label() {
      return kind + " " + reference;
    }

    String file() {
      try {
        byte[] digest =
            MessageDigest.getInstance("SHA-256").digest(label().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
      } catch (NoSuchAlgorithmException everyJdkHasIt) {
        throw new IllegalStateException(everyJdkHasIt);
      }
    }
  }

  private Optional<byte[]> read(Entry entry) {
    Path file = files.file(entry.file());
    try {
      return Optional.of(seal.open(entry.label(), Files.readAllBytes(file)));
    } catch (NoSuchFileException nothingKept) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new VaultDamaged(
          "the vault's entry "
              + entry.reference()
              + " was changed or sealed under another key ("
              + file
              + "): restore the directory whole from a backup, or delete this file and set the"
              + " credentials anew",
          e);
    } catch (IOException e) {
      throw new VaultDamaged("cannot read " + entry.reference() + " from the vault: " + e, e);
    }
  }

  private void write(Entry entry, byte[] secret) {
    try {
      files.replace(entry.file(), seal.close(entry.label(), secret));
    } catch (IOException e) {
      throw new VaultDamaged("cannot write " + entry.reference() + " to the vault: " + e, e);
    }
  }

  private static byte[] readKey(Path file) throws IOException {
    byte[] key = Files.readAllBytes(file);
    if (key.length != Seal.KEY_BYTES) {
      throw new VaultDamaged(
          "the vault's key " + file + " is not 32 bytes long: restore it from a backup");
    }
    return key;
  }

  private static byte[] encoded(Credentials credentials) {
    try {
      return Json.STRICT.writeValueAsBytes(credentials);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Credentials decoded(byte[] json) {
    try {
      return Json.STRICT.readValue(json, Credentials.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return random;
  }
}
