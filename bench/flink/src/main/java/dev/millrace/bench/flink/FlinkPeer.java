package dev.millrace.bench.flink;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/**
 * One statement of Flink SQL from a topic into a table, in a cluster within this process. It says
 * {@code up}, waits for a line, and says {@code done} when all is written. Its arguments are the
 * file of Kafka's settings, the topic, the query, and JDBC URL, user, password and table.
 */
public final class FlinkPeer {
  private FlinkPeer() {}

  public static void main(String... arguments) throws Exception {
    String source = source(Path.of(arguments[0]), arguments[1]);
    boolean priced = arguments[2].equals("q22");
    String sink = sink(arguments[3], arguments[4], arguments[5], arguments[6], priced);
    say("up");
    while (System.in.read() != '\n') {
      continue;
    }
    Configuration settings = new Configuration();
    settings.setString("parallelism.default", "2");
    settings.setString("table.local-time-zone", "UTC");
    settings.setString("pipeline.object-reuse", "true");
    TableEnvironment tables =
        TableEnvironment.create(
            EnvironmentSettings.newInstance()
                .inStreamingMode()
                .withConfiguration(settings)
                .build());
    tables.executeSql(source);
    tables.executeSql(sink);
    tables.executeSql(insert(arguments[2], priced)).await();
    say("done");
    // Until it is ended, so that its memory can still be looked at.
    while (System.in.read() >= 0) {
      continue;
    }
    System.exit(0);
  }

  private static void say(String word) {
    System.out.println(word);
    System.out.flush();
  }

  private static String source(Path kafka, String topic) throws IOException {
    Properties settings = new Properties();
    try (Reader in = Files.newBufferedReader(kafka)) {
      settings.load(in);
    }
    String options =
        settings.stringPropertyNames().stream()
            .map(name -> ", 'properties." + name + "' = '" + settings.getProperty(name) + "'")
            .collect(Collectors.joining());
    return """
    CREATE TABLE bids (
      id BIGINT, auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING,
      `dateTime` TIMESTAMP_LTZ(3), extra STRING
    ) WITH (
      'connector' = 'kafka', 'topic' = '%s', 'format' = 'json',
      'json.timestamp-format.standard' = 'ISO-8601',
      'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset',
      'properties.max.poll.records' = '10000',
      'properties.max.partition.fetch.bytes' = '8388608'
      %s
    )
    """
        .formatted(topic, options);
  }

  private static String sink(
      String url, String user, String password, String table, boolean priced) {
    String columns =
        priced
            ? "price DECIMAL(20, 3)"
            : "price BIGINT, channel STRING, url STRING, `datetime` TIMESTAMP(3), extra STRING";
    return """
    CREATE TABLE sink (id BIGINT, auction BIGINT, bidder BIGINT, %s, PRIMARY KEY (id) NOT ENFORCED)
    WITH (
      'connector' = 'jdbc', 'url' = '%s?reWriteBatchedInserts=true', 'table-name' = '%s',
      'username' = '%s', 'password' = '%s',
      'sink.buffer-flush.max-rows' = '5000', 'sink.buffer-flush.interval' = '100ms'
    )
    """
        .formatted(columns, url, table, user, password);
  }

  private static String insert(String query, boolean priced) {
    String columns =
        priced
            ? "CAST(price * 0.908 AS DECIMAL(20, 3))"
            : "price, channel, url, CAST(`dateTime` AS TIMESTAMP(3)), extra";
    String where =
        switch (query) {
          case "q0" -> "";
          case "q2" -> " WHERE MOD(auction, 123) = 0";
          case "q22" -> " WHERE price >= 3162278";
          default -> throw new IllegalArgumentException(query);
        };
    return "INSERT INTO sink SELECT id, auction, bidder, " + columns + " FROM bids" + where;
  }
}
