package dev.millrace.stores.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a certificate that nobody vouches for. */
class TlsTest {
  private static final String PASSWORD = "changeit";

  private static RedisUnderTest redis;
  private static int port;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    redis = new RedisUnderTest(directory.resolve("redis"));
    certify(directory);
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (Connection admin = redis.admin()) {
      admin.ask("CONFIG", "SET", "tls-auth-clients", "no");
      admin.ask("CONFIG", "SET", "tls-ca-cert-file", directory.resolve("cert.pem").toString());
      admin.ask("CONFIG", "SET", "tls-key-file", directory.resolve("key.pem").toString());
      admin.ask("CONFIG", "SET", "tls-cert-file", directory.resolve("cert.pem").toString());
      admin.ask("CONFIG", "SET", "tls-port", Integer.toString(port));
    }
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void requireEncryptsAndLooksAtNoCertificate() {
    assertThatCode(() -> redis.driver().probe(at("require"))).doesNotThrowAnyException();
  }

  @Test
  void verifyFullRefusesACertificateThatNobodyVouchesFor() {
    assertThatExceptionOfType(StoreProblem.class)
        .isThrownBy(() -> redis.driver().probe(at("verify-full")))
        .satisfies(problem -> assertThat(problem.code()).isEqualTo("StoreUnsuitable"))
        .satisfies(problem -> assertThat(problem.remedy()).contains("certificate"));
  }

  private static StoreSite at(String tls) {
    StoreSite site = redis.site();
    return new StoreSite(
        site.store(), "Redis", site.host(), port, "0", tls, site.admin(), site.writer());
  }

  private static void certify(Path directory) throws Exception {
    Path store = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "redis",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=redis.test",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-storetype",
                "PKCS12")
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    pem(
        directory.resolve("key.pem"),
        "PRIVATE KEY",
        keys.getKey("redis", PASSWORD.toCharArray()).getEncoded());
    pem(directory.resolve("cert.pem"), "CERTIFICATE", keys.getCertificate("redis").getEncoded());
  }

  private static void pem(Path file, String what, byte[] bytes) throws Exception {
    Files.writeString(
        file,
        "-----BEGIN "
            + what
            + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
            + "\n-----END "
            + what
            + "-----\n");
  }
}
