package dev.millrace.standalone.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import dev.millrace.api.ask.Verification;
import dev.millrace.standalone.demo.Platform;
import dev.millrace.standalone.rows.SubscriptionPath;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/** Has one subscription's store compared with its stream, waits, and prints what was found. */
public final class Verify {
  static final int EQUAL = 0;
  static final int DIFFERS = 1;
  static final int UNPROVEN = 2;

  private final PrintStream out;
  private final PrintStream error;
  private final boolean terminal;
  private final Duration pause;

  /**
   * @param error for what went wrong and for how far it is
   * @param terminal somebody looks at {@code error} while it runs
   * @param pause before it asks again how far it is
   */
  public Verify(PrintStream out, PrintStream error, boolean terminal, Duration pause) {
    this.out = out;
    this.error = error;
    this.terminal = terminal;
    this.pause = pause;
  }

  /**
   * @param data of the platform that runs: its {@code run/url} and {@code run/token} are read
   * @param name {@code tenant/name}, or a name that only one tenant uses
   * @return the exit code: 0 equal, 1 it differs, 2 nothing is proven
   */
  public int run(Path data, String name) {
    try {
      Platform platform = new Platform(URI.create(runFile(data, "url")), runFile(data, "token"));
      return run(platform, SubscriptionPath.of(platform, name) + "/verifications");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (NoSuchFileException e) {
      error.println(
          "millrace verify: nothing runs in " + data + ": start ./millrace up, or give --data DIR");
    } catch (IOException | Platform.Refused | IllegalArgumentException e) {
      error.println("millrace verify: " + e.getMessage());
    }
    return UNPROVEN;
  }

  private int run(Platform platform, String path) throws InterruptedException, IOException {
    JsonNode run = platform.post(path);
    String own = path + "/" + Platform.encoded(run.path("id").asText());
    while (run.path("state").asText().equals("Running")) {
      progress(run.path("result"));
      Thread.sleep(pause);
      run = platform.get(own);
    }
    if (terminal) {
      error.print("\r\033[K");
    }
    if (!run.path("state").asText().equals("Done")) {
      error.println(
          "millrace verify: " + run.path("code").asText() + ": " + run.path("problem").asText());
      return UNPROVEN;
    }
    Verification found = verification(run.path("result"));
    out.print(Table.of(found));
    out.flush();
    return switch (String.valueOf(found.outcome())) {
      case "Equal" -> EQUAL;
      case "Differs" -> DIFFERS;
      default -> UNPROVEN;
    };
  }

  private void progress(JsonNode result) {
    if (terminal && result.isObject()) {
      error.printf(
          "\r\033[K%,d events read, %,d rows compared",
          result.path("events").asLong(), result.path("rows").asLong());
      error.flush();
    }
  }

  private static Verification verification(JsonNode result) throws JsonProcessingException {
    return Json.LENIENT.treeToValue(result, Verification.class);
  }

  private static String runFile(Path data, String name) throws IOException {
    return Files.readString(data.resolve("run").resolve(name)).strip();
  }
}
