package dev.millrace.kubernetes.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToldTest {
  @TempDir Path folder;

  @Test
  void settingsComeAsTheyAre() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("kafka.properties"),
            """
            ssl.endpoint.identification.algorithm=
            sasl.jaas.config=… password="${not.an.expression}$1";
            """);

    Told told =
        Told.by(
            Map.of(
                "MILLRACE_TOKEN",
                "abc123\n",
                "MILLRACE_KAFKA_BOOTSTRAP_SERVERS",
                "kafka:9092",
                "MILLRACE_KAFKA_PROPERTIES",
                file.toString()));

    assertThat(told.token()).isEqualTo("abc123");
    assertThat(told.kafka())
        .containsEntry("bootstrap.servers", "kafka:9092")
        .containsEntry("ssl.endpoint.identification.algorithm", "")
        .containsEntry("sasl.jaas.config", "… password=\"${not.an.expression}$1\";");
    assertThat(told.toString()).doesNotContain("abc123");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "two words", "${x}", "a=b", "käse"})
  void aTokenThatNobodyCouldSendIsRefused(String token) {
    assertThatThrownBy(() ->
            Told.by(
                Map.of("MILLRACE_TOKEN", token, "MILLRACE_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092")))
        .hasMessageContaining("catalog.tokenSecret");
  }

  @Test
  void withoutKafkaItSaysWhichValueIsMissing() {
    assertThatThrownBy(() -> Told.by(Map.of("MILLRACE_TOKEN", "abc")))
        .hasMessageContaining("kafka.bootstrapServers");
  }
}
