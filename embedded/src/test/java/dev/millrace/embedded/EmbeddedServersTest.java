package dev.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServersTest {
  @TempDir Path directory;

  @Test
  void postgresKeepsItsDataAndItsPassword() throws SQLException {
    Path home = directory.resolve("a path with spaces");
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(home, 0);
        Connection connection = connect(postgres)) {
      connection.createStatement().execute("create table kept(n int)");
    }

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(home, 0);
        Connection connection = connect(postgres)) {
      assertThat(connection.createStatement().execute("select n from kept")).isTrue();
    }
  }

  @Test
  void postgresWantsThePassword() {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, 0)) {
      assertThatThrownBy(() ->
              DriverManager.getConnection(
                  postgres.jdbcUrl("postgres"), EmbeddedPostgres.SUPERUSER, "wrong"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password authentication failed");
    }
  }

  @Test
  void anOrphanOfAnEarlierRunIsEndedBeforeTheNextStart() {
    EmbeddedPostgres abandoned = EmbeddedPostgres.start(directory.resolve("pg"), 0);
    EmbeddedRedis abandonedRedis = EmbeddedRedis.start(directory.resolve("redis"), 0);

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("pg"), 0);
        EmbeddedRedis redis = EmbeddedRedis.start(directory.resolve("redis"), 0)) {
      assertThat(ProcessHandle.of(abandoned.pid()).map(ProcessHandle::isAlive).orElse(false))
          .isFalse();
      assertThat(ProcessHandle.of(abandonedRedis.pid()).map(ProcessHandle::isAlive).orElse(false))
          .isFalse();
      assertThat(postgres.pid()).isNotEqualTo(abandoned.pid());
      assertThat(redis.pid()).isNotEqualTo(abandonedRedis.pid());
    }
  }

  @Test
  void aStrangerWithTheOrphansPidIsLeftAlone() throws Exception {
    Process stranger = new ProcessBuilder("sleep", "60").start();
    Path pidFile = directory.resolve("server.pid");
    Files.writeString(pidFile, stranger.pid() + " TERM 1");

    OwnedProcess.endOrphan(pidFile);

    assertThat(stranger.isAlive()).isTrue();
    stranger.destroyForcibly();
  }

  @Test
  void aTakenPortIsSaidInOneSentence() {
    try (EmbeddedRedis first = EmbeddedRedis.start(directory.resolve("first"), 0)) {
      assertThatThrownBy(() -> EmbeddedRedis.start(directory.resolve("second"), first.port()))
          .isInstanceOf(ServerFailed.class)
          .hasMessageContaining("port taken");
    }
  }

  @Test
  void kafkaKeepsTopicsAndKeepsClientsOffThePlatformsOwn() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        Admin admin = Admin.create(new HashMap<>(kafka.platformProperties()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic("millrace.status", 1, (short) 1),
                  new NewTopic("orders", 2, (short) 1)))
          .all()
          .get();
    }

    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        Admin admin = Admin.create(new HashMap<>(kafka.platformProperties()));
        KafkaProducer<String, String> client = producer(kafka.clientProperties())) {
      assertThat(admin.listTopics().names().get()).contains("millrace.status", "orders");
      assertThat(client.send(new ProducerRecord<>("orders", "k", "v")).get().hasOffset()).isTrue();
      assertThatThrownBy(() -> client.send(new ProducerRecord<>("millrace.status", "k", "v")).get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(TopicAuthorizationException.class);
    }
  }

  private static KafkaProducer<String, String> producer(Map<String, String> properties) {
    return new KafkaProducer<>(
        new HashMap<>(properties), new StringSerializer(), new StringSerializer());
  }

  private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
    return DriverManager.getConnection(
        postgres.jdbcUrl("postgres"), EmbeddedPostgres.SUPERUSER, postgres.password());
  }
}
