package dev.millrace.bench.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The hundred lines that a good Java developer writes instead of using a platform: one thread, the
 * filter in Java, a batch for each poll, offsets committed behind it. Its arguments are the file of
 * Kafka's settings, the topic, its number of partitions, the query, {@code history} or {@code
 * live}, and {@code postgres} or {@code redis} with what {@link PlainTable} or {@link PlainHashes}
 * takes.
 */
public final class PlainConsumer {
  private PlainConsumer() {}

  /** Where it writes to. */
  interface Rows extends AutoCloseable {
    void write(List<JsonNode> bids) throws SQLException;

    @Override
    void close() throws SQLException;
  }

  public static void main(String... arguments) throws Exception {
    String query = arguments[3];
    boolean live = arguments[4].equals("live");
    ObjectMapper json = new ObjectMapper();
    Signal.awaitGo();
    try (KafkaConsumer<byte[], byte[]> consumer =
            Log.consumer(
                Path.of(arguments[0]),
                arguments[1],
                Log.partitions(0, Integer.parseInt(arguments[2])));
        Rows rows = open(List.of(arguments).subList(5, arguments.length), query)) {
      Map<TopicPartition, Long> end = begin(consumer, live);
      while (live || !Log.isAt(consumer, end)) {
        List<JsonNode> bids = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          JsonNode bid = json.readTree(record.value());
          if (passes(bid, query)) {
            bids.add(bid);
          }
        }
        if (!bids.isEmpty()) {
          rows.write(bids);
        }
        consumer.commitAsync();
      }
    }
    Signal.done("");
  }

  private static Map<TopicPartition, Long> begin(
      KafkaConsumer<byte[], byte[]> consumer, boolean live) {
    Map<TopicPartition, Long> end = consumer.endOffsets(consumer.assignment());
    if (live) {
      consumer.seekToEnd(consumer.assignment());
      // Seeking is lazy; a position is not.
      consumer.assignment().forEach(consumer::position);
      Signal.say(Signal.LISTENING);
    } else {
      consumer.seekToBeginning(consumer.assignment());
    }
    return end;
  }

  private static boolean passes(JsonNode bid, String query) {
    return switch (query) {
      case "q0" -> true;
      case "q2" -> bid.get("auction").longValue() % 123 == 0;
      case "q22" -> bid.get("price").longValue() >= 3_162_278;
      default -> throw new IllegalArgumentException(query);
    };
  }

  private static Rows open(List<String> store, String query) throws Exception {
    List<String> login = store.subList(1, store.size());
    return store.get(0).equals("postgres")
        ? new PlainTable(login, query)
        : new PlainHashes(login, query);
  }
}
