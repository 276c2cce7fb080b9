package dev.millrace.stores.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileVaultTest {
  private static final Credentials LOGIN = new Credentials("orders_writer", "p\"ä\n'ss");

  @TempDir private Path parent;

  @Test
  void whatWasPutComesBackAlsoToAVaultOpenedBefore() {
    FileVault reader = open();
    open().put("writer/sales/orders", LOGIN);
    assertThat(reader.credentials("writer/sales/orders")).contains(LOGIN);
    open().put("writer/sales/orders", new Credentials("orders_writer", "newer"));
    assertThat(reader.credentials("writer/sales/orders").orElseThrow().password())
        .isEqualTo("newer");
  }

  @Test
  void aLoginAndAKeyUnderOneReferenceAreTwoThings() {
    FileVault vault = open();
    vault.put("both", LOGIN);
    vault.putKey("both", new byte[32]);
    assertThat(vault.credentials("both")).contains(LOGIN);
    assertThat(vault.key("both").orElseThrow()).hasSize(32);
  }

  @Test
  void whatWasDeletedIsGoneAndMayBeDeletedAgain() {
    FileVault vault = open();
    vault.put("a", LOGIN);
    vault.putKey("a", new byte[] {1});
    vault.delete("a");
    vault.delete("a");
    assertThat(vault.credentials("a")).isEmpty();
    assertThat(vault.key("a")).isEmpty();
  }

  @Test
  void noReferenceLeadsOutOfTheDirectory() throws IOException {
    FileVault vault = open();
    for (String reference : List.of("../out", "/etc/out", "a/../../../out", "x".repeat(9999), "")) {
      vault.put(reference, LOGIN);
      assertThat(vault.credentials(reference)).contains(LOGIN);
    }
    try (Stream<Path> beside = Files.list(parent)) {
      assertThat(beside).containsExactly(directory());
    }
  }

  @Test
  void onlyTheOwnerMayReadAnything() throws IOException {
    open().put("a", LOGIN);
    assertThat(permissions(directory())).isEqualTo("rwx------");
    for (Path file : files()) {
      assertThat(permissions(file)).isEqualTo("rw-------");
    }
  }

  @Test
  void noFileHoldsASecretInClear() throws IOException {
    open().put("writer/sales/orders", new Credentials("someone", "correct horse"));
    for (Path file : files()) {
      assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
          .doesNotContain("correct horse")
          .doesNotContain("someone");
    }
  }

  @Test
  void aChangedEntryIsSaidToBeChangedWithoutTellingIt() throws IOException {
    FileVault vault = open();
    vault.put("a", LOGIN);
    Path file = entry();
    byte[] content = Files.readAllBytes(file);
    content[content.length - 1] ^= 1;
    Files.write(file, content);
    assertThatThrownBy(() -> vault.credentials("a"))
        .isInstanceOf(VaultDamaged.class)
        .hasMessageContaining("entry a was changed")
        .hasMessageContaining("restore");
  }

  @Test
  void anEntryCannotStandInForAnother() throws IOException {
    FileVault vault = open();
    vault.put("poor", LOGIN);
    Path poor = entry();
    byte[] content = Files.readAllBytes(poor);
    vault.delete("poor");
    vault.put("rich", LOGIN);
    Files.write(entry(), content);
    assertThatThrownBy(() -> vault.credentials("rich")).isInstanceOf(VaultDamaged.class);
  }

  @Test
  void anEntryCutShortIsSaidToBeChanged() throws IOException {
    FileVault vault = open();
    vault.put("a", LOGIN);
    Files.write(entry(), new byte[3]);
    assertThatThrownBy(() -> vault.credentials("a")).isInstanceOf(VaultDamaged.class);
  }

  @Test
  void aKeyCutShortIsSaidToBeCut() throws IOException {
    open();
    Files.write(directory().resolve("vault.key"), new byte[3]);
    assertThatThrownBy(this::open)
        .isInstanceOf(VaultDamaged.class)
        .hasMessageContaining("32 bytes");
  }

  @Test
  void vaultsOpenedAtOnceAgreeOnOneKey() throws Exception {
    List<Callable<FileVault>> openings = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      openings.add(this::open);
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<Future<FileVault>> opened = threads.invokeAll(openings);
      opened.get(0).get().put("a", LOGIN);
      for (Future<FileVault> vault : opened) {
        assertThat(vault.get().credentials("a")).contains(LOGIN);
      }
    }
  }

  @Test
  void aReaderBesideAWriterSeesTheOldOrTheNewNeverAMixture() throws Exception {
    FileVault vault = open();
    vault.put("a", new Credentials("0", "0"));
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<?> writing =
          threads.submit(() -> {
            for (int i = 1; i <= 200; i++) {
              vault.put("a", new Credentials(Integer.toString(i), Integer.toString(i)));
            }
          });
      FileVault reader = open();
      while (!writing.isDone()) {
        Credentials seen = reader.credentials("a").orElseThrow();
        assertThat(seen.username()).isEqualTo(seen.password());
      }
      writing.get();
      assertThat(reader.credentials("a").orElseThrow().username()).isEqualTo("200");
    }
    assertThat(files()).hasSize(2);
  }

  private FileVault open() {
    return FileVault.open(directory());
  }

  private Path directory() {
    return parent.resolve("vault");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory())) {
      return files.toList();
    }
  }

  /** The one file that is not the key. */
  private Path entry() throws IOException {
    return files().stream().filter(file -> !file.endsWith("vault.key")).findFirst().orElseThrow();
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
