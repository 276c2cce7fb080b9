package dev.millrace.standalone.demo;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.millrace.api.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Every row of every store against the {@link Oracle}. */
final class Verification {
  private final Platform platform;
  private final Access access;

  Verification(Platform platform) {
    this.platform = platform;
    this.access = new Access(platform);
  }

  /** What a product's topic holds: its source, and the publication that knows the live events. */
  record Evidence(Publication publication, Path source, long[] ends) {}

  List<Verdict> run(List<Evidence> evidence) throws InterruptedException {
    try {
      Path work = Files.createTempDirectory("millrace-demo");
      try {
        return run(evidence, work);
      } finally {
        delete(work);
      }
    } catch (IOException | SQLException e) {
      throw new DemoFailed("the stores could not be compared: " + e.getMessage(), e);
    }
  }

  private List<Verdict> run(List<Evidence> evidence, Path work)
      throws IOException, SQLException, InterruptedException {
    List<Verdict> verdicts = new ArrayList<>();
    try (Oracle oracle = new Oracle(work)) {
      for (Evidence each : evidence) {
        String product = each.publication().sequence().product();
        Path live = work.resolve(product + ".ndjson");
        writeLive(each, live);
        oracle.learn(product, each.source(), live);
      }
      for (Subscription subscription : Subscription.ALL) {
        List<Column> columns = oracle.expect(subscription);
        Path csv = work.resolve("rows.csv");
        reader(subscription).dump(subscription, access.to(subscription), columns, csv);
        verdicts.add(oracle.compare(subscription, csv));
      }
    }
    return verdicts;
  }

  private Reader reader(Subscription subscription) {
    return switch (subscription.engine()) {
      case POSTGRES -> new PostgresReader();
      case REDIS -> new RedisReader(platform);
    };
  }

  private static void writeLive(Evidence evidence, Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        JsonGenerator json = Json.STRICT.createGenerator(out)) {
      json.setRootValueSeparator(null);
      evidence
          .publication()
          .liveEvents(evidence.ends(), (number, event) -> writeLine(json, number, event));
    }
  }

  private static void writeLine(JsonGenerator json, long number, Event event) {
    try {
      json.writeStartObject();
      json.writeNumberField("n", number);
      json.writeStringField("key", event.keyText());
      if (event.value() != null) {
        json.writeFieldName("value");
        json.writeRawValue(new String(event.value(), StandardCharsets.UTF_8));
      }
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
