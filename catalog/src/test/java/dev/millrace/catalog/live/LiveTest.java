package dev.millrace.catalog.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.catalog.Api;
import dev.millrace.catalog.CatalogConfig;
import dev.millrace.catalog.CatalogTest;
import dev.millrace.catalog.Samples;
import dev.millrace.catalog.Worker;
import dev.millrace.needs.reconcile.Board;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@CatalogTest
class LiveTest {
  @Inject CatalogConfig config;
  @Inject Board board;

  @Test
  void progressIsSummedOverPartitionsAndTold() throws Exception {
    String path = Samples.subscribed(Samples.orders());
    ObjectKey key = key(path);
    try (Worker worker = new Worker(config);
        Stream stream = new Stream(path + "/live")) {
      JsonNode first = stream.next("status");
      board.boundPlan(key, Worker.plan(key, first.at("/metadata/uid").asText()));
      long begun = System.nanoTime();
      worker.reports(key, 0, 100, 120);
      worker.reports(key, 1, 50, 100);

      JsonNode told =
          stream.until("status", object -> object.at("/status/progress/percent").asDouble() == 75);

      JsonNode progress = told.at("/status/progress");
      assertThat(first.at("/status/phase").asText()).isEqualTo("Pending");
      assertThat(progress.path("lagEvents").asLong()).isEqualTo(70);
      // The event is 30 s old when it is reported, and older when its age is told.
      assertThat(progress.path("lagSeconds").asDouble())
          .isBetween(29.0, 31 + (System.nanoTime() - begun) / 1e9);
      assertThat(progress.at("/counts/read").asLong()).isEqualTo(150);
      assertThat(told.at("/status/partitions")).hasSize(2);
      assertThat(Api.ADA.get(path).json().at("/status/progress/percent").asDouble()).isEqualTo(75);
    }
  }

  @Test
  void aStormOfReportsComesAtMostFourTimesASecond() throws Exception {
    String path = Samples.subscribed(Samples.orders());
    ObjectKey key = key(path);
    try (Worker worker = new Worker(config);
        Stream stream = new Stream(path + "/live")) {
      board.boundPlan(key, Worker.plan(key, stream.next("status").at("/metadata/uid").asText()));
      long begun = System.nanoTime();
      for (int i = 1; i <= 100; i++) {
        worker.reports(key, 0, i, 100);
        worker.reports(key, 1, i, 100);
      }

      stream.until("status", object -> object.at("/status/progress/percent").asDouble() == 100);

      double seconds = (System.nanoTime() - begun) / 1e9;
      assertThat(stream.taken).isLessThanOrEqualTo((int) (seconds * 4) + 4);
    }
  }

  @Test
  void theStreamOfOneEndsWithIt() throws Exception {
    String path = Samples.subscribed(Samples.orders());
    try (Stream stream = new Stream(path + "/live")) {
      stream.next("status");
      Api.ADA.delete(path);
      stream.until("status", object -> object.at("/status/phase").asText().equals("Deleting"));
      board.forgotten(key(path));

      JsonNode last = stream.next("deleted");

      assertThat(last.at("/metadata/name").asText()).isEqualTo(key(path).name());
      assertThat(stream.ended()).isTrue();
    }
  }

  @Test
  void oneStreamTellsOfAllSubscriptions() throws Exception {
    String path = Samples.subscribed(Samples.orders());
    try (Stream stream = new Stream("/live")) {
      stream.until(
          "status", object -> object.at("/metadata/name").asText().equals(key(path).name()));
      board.report(
          key(path),
          new SubscriptionStatus("Live", 1L, List.of(), null, null, null, null, null, null));

      JsonNode told =
          stream.until(
              "status",
              object ->
                  object.at("/metadata/name").asText().equals(key(path).name())
                      && object.at("/status/phase").asText().equals("Live"));

      assertThat(told.at("/status/observedGeneration").asInt()).isEqualTo(1);
    }
  }

  @Test
  void thereIsNoStreamOfNothing() {
    assertThat(Api.ADA.get("/tenants/risk/subscriptions/nothing/live").code())
        .isEqualTo("NotFound");
  }

  private static ObjectKey key(String path) {
    return new ObjectKey("risk", path.substring(path.lastIndexOf('/') + 1));
  }

  /** Server-sent events as they come in. */
  private static final class Stream implements AutoCloseable {
    private record Told(String name, String data) {}

    private static final Told END = new Told("end", "");
    private final HttpClient http =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final BlockingQueue<Told> queue = new LinkedBlockingQueue<>();
    private int taken;

    Stream(String path) {
      Thread.ofPlatform().daemon().start(() -> read(path));
    }

    private void read(String path) {
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  http.send(
                          Api.ADA.request("GET", path, "Accept", "text/event-stream").build(),
                          BodyHandlers.ofInputStream())
                      .body(),
                  StandardCharsets.UTF_8))) {
        String name = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("event:")) {
            name = line.substring(6).strip();
          } else if (line.startsWith("data:")) {
            queue.add(new Told(name, line.substring(5)));
          }
        }
      } catch (IOException | InterruptedException e) {
        // The test's own end closes the connection.
      }
      queue.add(END);
    }

    JsonNode next(String name) throws InterruptedException, JsonProcessingException {
      return until(name, object -> true);
    }

    JsonNode until(String name, Predicate<JsonNode> wanted)
        throws InterruptedException, JsonProcessingException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
      while (true) {
        @Nullable Told told = queue.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (told == null || told == END) {
          throw new AssertionError("the event did not come");
        }
        taken++;
        JsonNode data = Json.LENIENT.readTree(told.data());
        if (told.name().equals(name) && wanted.test(data)) {
          return data;
        }
      }
    }

    boolean ended() throws InterruptedException {
      return queue.poll(120, TimeUnit.SECONDS) == END;
    }

    @Override
    public void close() {
      http.shutdownNow();
    }
  }
}
