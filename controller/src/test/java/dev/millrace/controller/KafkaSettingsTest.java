package dev.millrace.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaSettingsTest {
  @TempDir Path folder;

  @Test
  void theFileAndTheAddressAreJoined() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("kafka.properties"),
            "security.protocol=SASL_PLAINTEXT\nbootstrap.servers=other:1\n");

    assertThat(KafkaSettings.of(Optional.of("kafka:9092"), Optional.of(file)))
        .containsEntry("bootstrap.servers", "kafka:9092")
        .containsEntry("security.protocol", "SASL_PLAINTEXT");
    assertThat(KafkaSettings.of(Optional.empty(), Optional.of(file)))
        .containsEntry("bootstrap.servers", "other:1");
  }

  @Test
  void whatIsMissingIsSaidWithTheChartsValue() {
    assertThatThrownBy(() -> KafkaSettings.of(Optional.empty(), Optional.empty()))
        .hasMessageContaining("kafka.bootstrapServers");
    assertThatThrownBy(
            () -> KafkaSettings.of(Optional.of("kafka:9092"), Optional.of(folder.resolve("none"))))
        .hasMessageContaining("kafka.secret");
  }
}
