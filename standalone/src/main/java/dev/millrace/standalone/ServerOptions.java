package dev.millrace.standalone;

import dev.millrace.standalone.server.DataDirectory;
import dev.millrace.standalone.server.ServerChoice;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code up} and {@code demo} take. */
final class ServerOptions {

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "Port of API and UI (default: ${DEFAULT-VALUE}).")
  int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where everything is kept (default: ~/.local/share/millrace).")
  @Nullable Path data;

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      description = "Use this Kafka instead of one in the process.")
  @Nullable String kafka;

  @Option(
      names = "--kafka-properties",
      paramLabel = "FILE",
      description = "Further client settings for --kafka: security.protocol, sasl.jaas.config, …")
  @Nullable Path kafkaProperties;

  @Option(
      names = "--postgres",
      paramLabel = "URL",
      description =
          "Use this server: postgresql://user:password@host:port/database. The user must be"
              + " allowed to create databases and roles.")
  @Nullable URI postgres;

  @Option(
      names = "--redis",
      paramLabel = "URL",
      description =
          "Use this server: redis://user:password@host:port. The user must be allowed to set ACLs.")
  @Nullable URI redis;

  Path data() {
    return DataDirectory.path(Optional.ofNullable(data));
  }

  ServerChoice servers() {
    return new ServerChoice(
        Optional.ofNullable(kafka),
        Optional.ofNullable(kafkaProperties),
        Optional.ofNullable(postgres),
        Optional.ofNullable(redis));
  }
}
