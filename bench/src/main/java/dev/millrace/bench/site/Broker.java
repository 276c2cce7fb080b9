package dev.millrace.bench.site;

import dev.millrace.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;

/**
 * Kafka in a process of its own, so that what it costs is not anybody else's. Its arguments are its
 * directory and the file that gets the settings of its clients.
 */
final class Broker {
  private Broker() {}

  public static void main(String... arguments) throws IOException, InterruptedException {
    EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]), 0);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(kafka::close));
    Properties settings = new Properties();
    settings.putAll(kafka.platformProperties());
    Path file = Path.of(arguments[1]);
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try (Writer out = Files.newBufferedWriter(draft)) {
      settings.store(out, null);
    }
    Files.move(draft, file);
    new CountDownLatch(1).await();
  }
}
