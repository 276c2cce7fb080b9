package dev.millrace.stores.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that cannot be a store say so in a sentence, with the command that mends it. */
class ServerCheckTest {
  private static final String GOOD =
      """
      redis_version:6.2.6
      redis_mode:standalone
      role:master
      maxmemory_policy:noeviction
      aof_enabled:1
      """;

  private static RedisUnderTest redis;

  @BeforeAll
  static void start(@TempDir Path directory) {
    redis = new RedisUnderTest(directory);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void settingsThatLoseRowsAreRefusedWithTheCommandThatMendsThem() throws Exception {
    assertUnsuitable("maxmemory-policy", "allkeys-lru", "CONFIG SET maxmemory-policy noeviction");
    assertUnsuitable("appendonly", "no", "CONFIG SET appendonly yes");
    assertUnsuitable("appendfsync", "no", "CONFIG SET appendfsync everysec");
    assertUnsuitable("no-appendfsync-on-rewrite", "yes", "CONFIG SET no-appendfsync-on-rewrite no");
    assertThatCode(() -> redis.driver().probe(redis.site())).doesNotThrowAnyException();
  }

  private static void assertUnsuitable(String setting, String value, String remedy)
      throws StoreProblem {
    try (Connection admin = redis.admin()) {
      String before = admin.ask("CONFIG", "GET", setting).items().get(1).text();
      admin.ask("CONFIG", "SET", setting, value);
      try {
        assertProblem("StoreUnsuitable", redis.site())
            .satisfies(problem -> assertThat(problem.remedy()).contains(remedy));
      } finally {
        admin.ask("CONFIG", "SET", setting, before);
      }
    }
  }

  @Test
  void aReplicaIsReadOnly() throws Exception {
    try (Connection admin = redis.admin()) {
      admin.ask("REPLICAOF", "127.0.0.1", "1");
      assertProblem("StoreReadOnly", redis.site());
      admin.ask("REPLICAOF", "NO", "ONE");
    }
  }

  @Test
  void oldVersionsAndClustersAreRefused() {
    assertThatCode(() -> check(GOOD)).doesNotThrowAnyException();
    assertThatCode(() -> check(GOOD.replace("6.2.6", "7.0.15"))).doesNotThrowAnyException();
    assertThatCode(() -> check(GOOD.replace("6.2.6", "10.0.0"))).doesNotThrowAnyException();
    for (String bad :
        new String[] {
          GOOD.replace("6.2.6", "6.0.16"),
          GOOD.replace("6.2.6", "5.0"),
          GOOD.replace("standalone", "cluster"),
          ""
        }) {
      assertThatExceptionOfType(StoreProblem.class)
          .as(bad)
          .isThrownBy(() -> check(bad))
          .satisfies(problem -> assertThat(problem.code()).isEqualTo("StoreUnsuitable"));
    }
  }

  private static void check(String info) throws StoreProblem {
    ServerCheck.server(new ServerInfo(info), new Problems(redis.site(), "somebody"));
  }

  @Test
  void flushingWithoutAnAppendFileIsNoPromise() throws Exception {
    try (Connection admin = redis.admin()) {
      admin.ask("CONFIG", "SET", "appendonly", "no");
      assertThatExceptionOfType(StoreProblem.class)
          .isThrownBy(() -> AppendFile.await(admin))
          .satisfies(problem -> assertThat(problem.code()).isEqualTo("StoreUnsuitable"));
      admin.ask("CONFIG", "SET", "appendonly", "yes");
    }
  }

  @Test
  void anEncryptedStoreOnAPlainServerIsSaidToDisagree() {
    for (String tls : new String[] {"require", "verify-full"}) {
      StoreSite plain = redis.site();
      assertThatExceptionOfType(StoreProblem.class)
          .isThrownBy(() -> redis.driver().probe(at(plain.port(), tls)))
          .satisfies(
              problem -> assertThat(problem.code()).isIn("StoreUnsuitable", "StoreUnavailable"));
    }
  }

  @Test
  void whatIsNoRedisIsSaidToBeNone() throws Exception {
    try (ServerSocket web = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerAsWebServer(web));
      assertProblem("StoreUnsuitable", at(web.getLocalPort(), "disable"))
          .satisfies(problem -> assertThat(problem.getMessage()).contains("no Redis"));
    }
  }

  private static void answerAsWebServer(ServerSocket listener) {
    try (Socket socket = listener.accept()) {
      socket.getInputStream().read();
      socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
      // Closed with bytes unread it would reset the connection, perhaps before this is read.
      socket.shutdownOutput();
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static StoreSite at(int port, String tls) {
    StoreSite site = redis.site();
    return new StoreSite(
        site.store(), "Redis", site.host(), port, "0", tls, site.admin(), site.writer());
  }

  private static org.assertj.core.api.ThrowableAssertAlternative<StoreProblem> assertProblem(
      String code, StoreSite site) {
    return assertThatExceptionOfType(StoreProblem.class)
        .isThrownBy(() -> redis.driver().probe(site))
        .satisfies(problem -> assertThat(problem.code()).isEqualTo(code));
  }
}
