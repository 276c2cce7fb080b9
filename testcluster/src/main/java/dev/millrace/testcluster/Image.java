package dev.millrace.testcluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An image that was unpacked: what a container of it runs when its Pod says nothing else.
 *
 * @param files the root folder, with nothing of what a base has but is on this machine anyway
 * @param user of the form {@code uid:gid}; empty for root
 */
record Image(
    Path files,
    List<String> entrypoint,
    List<String> command,
    Map<String, String> environment,
    String folder,
    String user) {
  Image {
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /**
   * @param archive as {@code docker save} writes them
   * @param into an empty folder
   */
  static Image unpack(Path archive, Path into) throws IOException, InterruptedException {
    Path parts = Files.createDirectories(into.resolve("parts"));
    Path files = Files.createDirectories(into.resolve("files"));
    untar(archive, parts);
    ObjectMapper json = new ObjectMapper();
    JsonNode manifest = json.readTree(parts.resolve("manifest.json").toFile()).get(0);
    for (JsonNode layer : manifest.get("Layers")) {
      untar(parts.resolve(layer.asText()), files);
    }
    JsonNode config =
        json.readTree(parts.resolve(manifest.get("Config").asText()).toFile()).get("config");
    Map<String, String> environment = new LinkedHashMap<>();
    for (String each : texts(config.path("Env"))) {
      int equals = each.indexOf('=');
      environment.put(each.substring(0, equals), each.substring(equals + 1));
    }
    return new Image(
        files,
        texts(config.path("Entrypoint")),
        texts(config.path("Cmd")),
        environment,
        config.path("WorkingDir").asText("/"),
        config.path("User").asText(""));
  }

  /**
   * One that was never packed.
   *
   * @param files programs are in its {@code engine/bin}
   */
  static Image of(Path files) {
    return new Image(
        files,
        List.of(),
        List.of(),
        Map.of("PATH", "/engine/bin:/usr/local/bin:/usr/bin:/bin"),
        "/",
        "");
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  private static void untar(Path archive, Path into) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("tar", "xf", archive.toString(), "-C", into.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException("tar xf " + archive + ": " + said);
    }
  }
}
