package dev.millrace.standalone.server;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * What other processes of the same user read below {@code run/}: address, access token, and Kafka
 * settings for applications and for workers. Only their owner may read them.
 *
 * @param token of the platform's administrator
 * @param clientProperties for any Kafka client
 */
public record RunFiles(String token, Path clientProperties) {
  private static final String WORKER = "worker.properties";

  /**
   * @throws StartFailed when the directory cannot be written
   */
  public static RunFiles write(DataDirectory data, int httpPort, Servers servers) {
    Path client = data.run("client.properties");
    try {
      String token = PrivateFiles.accessToken(data.run("token"));
      PrivateFiles.write(client, text(servers.kafkaClient()));
      PrivateFiles.write(data.run(WORKER), text(servers.kafkaPlatform()));
      PrivateFiles.write(data.run("url"), "http://localhost:" + httpPort + "\n");
      return new RunFiles(token, client);
    } catch (IOException e) {
      throw new StartFailed("cannot write below " + data.home() + " (" + e + ")");
    }
  }

  /**
   * The Kafka settings of a platform that runs, for one more worker.
   *
   * @throws StartFailed when none ever ran there
   */
  public static Map<String, String> workerProperties(Path home) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(Files.readString(home.resolve("run").resolve(WORKER))));
    } catch (NoSuchFileException e) {
      throw new StartFailed(
          "nothing runs in " + home + ": start ./millrace up, or give --data DIR");
    } catch (IOException e) {
      throw new StartFailed(e + ": a worker runs as the user that started the platform");
    }
    Map<String, String> settings = new HashMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> settings.put(name, properties.getProperty(name)));
    return settings;
  }

  private static String text(Map<String, String> settings) {
    return settings.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> entry.getKey() + "=" + entry.getValue().replace("\\", "\\\\") + "\n")
        .collect(Collectors.joining());
  }
}
