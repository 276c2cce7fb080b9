package dev.millrace.standalone.correct;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.api.Json;
import dev.millrace.standalone.demo.Platform;
import dev.millrace.standalone.rows.SubscriptionPath;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the terminal can do with the dead letters of one subscription. */
public final class Correct {
  /** Of what was asked, something is a dead letter still. */
  static final int STILL_DEAD = 1;

  static final int FAILED = 2;
  private static final int PAGE = 500;

  private final PrintStream out;
  private final PrintStream error;
  private final Duration patience;
  private final Duration pause;

  /**
   * @param error for what went wrong
   * @param patience how long it waits for a correction to take effect
   * @param pause before it looks again
   */
  public Correct(PrintStream out, PrintStream error, Duration patience, Duration pause) {
    this.out = out;
    this.error = error;
    this.patience = patience;
    this.pause = pause;
  }

  /**
   * Prints the dead letters, the newest first, each as a line of JSON; or one with what was decided
   * of it.
   *
   * @param place {@code PARTITION/OFFSET}; null for all
   * @return the exit code
   */
  public int show(Path data, String name, @Nullable String place) {
    return run(
        data,
        name,
        (platform, path) -> {
          if (place != null) {
            out.println(platform.get(path + "/" + checked(place)));
          } else {
            letters(platform, path).forEach(out::println);
          }
          return 0;
        });
  }

  /**
   * Applies them where they stand.
   *
   * @param payload the event as it should have been; empty: as it is in the log
   * @param key the record key as it should have been; empty: as it is in the log
   */
  public int redrive(
      Path data,
      String name,
      List<String> places,
      boolean all,
      Optional<String> payload,
      Optional<String> key) {
    ObjectNode how = Json.STRICT.createObjectNode();
    payload.ifPresent(text -> how.put("payload", text));
    key.ifPresent(text -> how.put("key", text));
    return decide(data, name, places, all, "redrive", Optional.of(how));
  }

  /** Leaves them out. */
  public int discard(Path data, String name, List<String> places, boolean all) {
    return decide(data, name, places, all, "discard", Optional.empty());
  }

  private int decide(
      Path data,
      String name,
      List<String> named,
      boolean all,
      String what,
      Optional<JsonNode> body) {
    return run(
        data,
        name,
        (platform, path) -> {
          List<String> places = new ArrayList<>(named.stream().map(Correct::checked).toList());
          if (all) {
            letters(platform, path)
                .forEach(letter ->
                    places.add(letter.path("partition").asInt() + "/" + letter.path("offset")));
          }
          for (String place : places) {
            String to = path + "/" + place + "/" + what;
            if (body.isPresent()) {
              platform.postJson(to, body.get());
            } else {
              platform.post(to);
            }
          }
          return await(platform, path, places);
        });
  }

  /** Each is over when it is a dead letter no more. */
  private int await(Platform platform, String path, List<String> places)
      throws InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    int dead = 0;
    for (String place : places) {
      Optional<JsonNode> letter = platform.find(path + "/" + place);
      while (letter.isPresent() && System.nanoTime() < until) {
        Thread.sleep(pause);
        letter = platform.find(path + "/" + place);
      }
      dead += letter.isPresent() ? 1 : 0;
      out.println(
          place
              + letter
                  .map(still ->
                      " is a dead letter still: "
                          + still.path("code").asText()
                          + ": "
                          + still.path("message").asText())
                  .orElse(" is settled"));
    }
    out.flush();
    return dead == 0 ? 0 : STILL_DEAD;
  }

  private static List<JsonNode> letters(Platform platform, String path)
      throws InterruptedException {
    List<JsonNode> letters = new ArrayList<>();
    String after = "";
    do {
      JsonNode page = platform.get(path + "?limit=" + PAGE + after);
      page.path("items").forEach(letters::add);
      after =
          page.hasNonNull("next") ? "&cursor=" + Platform.encoded(page.get("next").asText()) : "";
    } while (!after.isEmpty());
    return letters;
  }

  private static String checked(String place) {
    if (!place.matches("\\d{1,9}[/:]\\d{1,18}")) {
      throw new IllegalArgumentException(
          "'" + place + "' names no dead letter: write PARTITION/OFFSET, such as 0/1042");
    }
    return place.replace(':', '/');
  }

  private interface Deed {
    int on(Platform platform, String path) throws InterruptedException;
  }

  private int run(Path data, String name, Deed deed) {
    try {
      Platform platform = new Platform(URI.create(runFile(data, "url")), runFile(data, "token"));
      return deed.on(platform, SubscriptionPath.of(platform, name) + "/dead-letters");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (NoSuchFileException e) {
      error.println(
          "millrace: nothing runs in " + data + ": start ./millrace up, or give --data DIR");
    } catch (IOException | Platform.Refused | IllegalArgumentException e) {
      error.println("millrace: " + e.getMessage());
    }
    return FAILED;
  }

  private static String runFile(Path data, String name) throws IOException {
    return Files.readString(data.resolve("run").resolve(name)).strip();
  }
}
