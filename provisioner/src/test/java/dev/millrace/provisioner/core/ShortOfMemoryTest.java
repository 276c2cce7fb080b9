package dev.millrace.provisioner.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.provisioner.source.TopicSeen;
import dev.millrace.stores.Cursor;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three pipelines on one partition, of which one at a time may compute, and little memory. */
class ShortOfMemoryTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);
  private static final int LITTLE = 2_000;

  private final List<Ticket> opened = new ArrayList<>();
  private final Map<Ticket, Long> filling = new LinkedHashMap<>();
  private final Set<Long> seeks = new HashSet<>();
  private long position;
  private Core core;

  @BeforeEach
  void begin() {
    core = new Core(new Limits(LITTLE, 1 << 20, 1 << 20, 0, 3, 1), orders(), () -> 0.5, 0);
    core.time(1_000_000_000);
    core.corrections(Map.of());
    Map<ObjectKey, PipelinePlan> plans = new LinkedHashMap<>();
    for (String name : List.of("a", "b", "c")) {
      ObjectKey key = new ObjectKey("t", name);
      plans.put(key, LittleWaitsTest.plan(key));
    }
    core.plans(plans);
    core.topics(Map.of("t", new TopicSeen("id", 1)));
    core.owned(Set.of(PARTITION));
    core.turn();
    Cursor cursor = new Cursor(0, 0, Optional.empty(), "cluster", "id", 1, "w", Counts.NONE);
    List.copyOf(opened).forEach(ticket -> core.opened(ticket, List.of(cursor)));
    core.turn();
  }

  @Test
  void whatSomeWaitToTakeInStaysForThem() {
    arrives();
    assertThat(filling.values()).as("one computes, two wait").containsExactly(0L);
    arrives();
    arrives();

    long most = 0;
    for (int i = 0; i < 9; i++) {
      Map.Entry<Ticket, Long> next = filling.entrySet().iterator().next();
      most = Math.max(most, next.getValue());
      filled(next.getKey());
    }

    assertThat(most).as("all have come to the last").isEqualTo(2);
    assertThat(seeks).as("nothing was read again").hasSize(1);
  }

  private void arrives() {
    var record = new ConsumerRecord<byte[], byte[]>("t", 0, position, new byte[1], new byte[1]);
    long seek = seeks.iterator().next();
    core.arrived(List.of(new Chunk(PARTITION, seek, position, position + 1, List.of(record))));
    position++;
    core.turn();
  }

  /** One event was taken in, which was nothing to it. */
  private void filled(Ticket ticket) {
    long to = filling.remove(ticket) + 1;
    core.filled(ticket, new Intake.Level(0, false, false, Map.of(0, to), Optional.empty()));
    core.turn();
  }

  private Orders orders() {
    return (Orders)
        Proxy.newProxyInstance(
            Orders.class.getClassLoader(),
            new Class<?>[] {Orders.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "open" -> opened.add((Ticket) arguments[0]);
                case "fill" ->
                    filling.put(
                        (Ticket) arguments[0],
                        ((List<?>) arguments[1])
                            .stream()
                                .mapToLong(chunk -> ((Chunk) chunk).from())
                                .min()
                                .orElseThrow());
                case "read" ->
                    ((Reading) arguments[1])
                        .spots()
                        .values()
                        .forEach(spot -> seeks.add(spot.seek()));
                default -> {
                  // Nothing hangs on it here.
                }
              }
              return null;
            });
  }
}
