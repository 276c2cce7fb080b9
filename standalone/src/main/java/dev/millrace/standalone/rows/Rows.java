package dev.millrace.standalone.rows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.standalone.demo.Platform;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Prints rows of one subscription, the newest last, each as a line of JSON. */
public final class Rows {
  private static final int SHOWN = 20;
  private static final int FOLLOWED = 100;

  private final PrintStream out;
  private final PrintStream error;

  /**
   * @param error for what went wrong, so that {@code out} holds nothing but rows
   */
  public Rows(PrintStream out, PrintStream error) {
    this.out = out;
    this.error = error;
  }

  /**
   * @param data of the platform that runs: its {@code run/url} and {@code run/token} are read
   * @param name {@code tenant/name}, or a name that only one tenant uses
   * @param follow go on until interrupted and print what comes in
   * @return the exit code
   */
  public int run(Path data, String name, boolean follow) {
    try {
      Platform platform = new Platform(URI.create(runFile(data, "url")), runFile(data, "token"));
      String path = SubscriptionPath.of(platform, name);
      Set<JsonNode> seen = print(platform, path, SHOWN, Set.of());
      while (follow) {
        TimeUnit.SECONDS.sleep(1);
        seen = print(platform, path, FOLLOWED, seen);
      }
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    } catch (NoSuchFileException e) {
      error.println(
          "millrace rows: nothing runs in " + data + ": start ./millrace up, or give --data DIR");
    } catch (IOException | Platform.Refused | IllegalArgumentException e) {
      error.println("millrace rows: " + e.getMessage());
    }
    return 1;
  }

  /** Prints the rows of the newest page that were not on the page before; returns that page. */
  private Set<JsonNode> print(Platform platform, String path, int limit, Set<JsonNode> before)
      throws InterruptedException {
    List<JsonNode> page = new ArrayList<>();
    platform.get(path + "/rows?limit=" + limit).path("items").forEach(page::add);
    Collections.reverse(page);
    for (JsonNode row : page) {
      if (!before.contains(row)) {
        out.println(row);
      }
    }
    out.flush();
    return new LinkedHashSet<>(page);
  }

  private static String runFile(Path data, String name) throws IOException {
    return Files.readString(data.resolve("run").resolve(name)).strip();
  }
}
