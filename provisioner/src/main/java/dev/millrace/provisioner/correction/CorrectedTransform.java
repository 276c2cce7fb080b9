package dev.millrace.provisioner.correction;

import dev.millrace.api.correction.Correction;
import dev.millrace.api.correction.EventPlace;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.event.RawEvent;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.Selection;
import dev.millrace.needs.transform.SharedEvents;
import dev.millrace.needs.transform.Transform;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * What a plan says of the events of a log, as people corrected them: to whoever reads the log, a
 * pipeline, a replay or a verification, an event that was corrected has always been so. Not safe
 * for use by several threads, as its transform is not.
 */
public final class CorrectedTransform {
  private final Transform transform;
  private final boolean append;
  private final int partitions;

  public CorrectedTransform(Transform transform, PipelinePlan plan) {
    this.transform = transform;
    this.append = plan.mode().equals("Append");
    this.partitions = plan.source().partitions();
  }

  /** As the event stands in the log. */
  public Outcome uncorrected(ConsumerRecord<byte[], byte[]> record) {
    return transform.apply(record.partition(), record.offset(), record.key(), record.value());
  }

  /**
   * The same.
   *
   * @param event of the record, which those who read it share
   */
  public Outcome uncorrected(ConsumerRecord<byte[], byte[]> record, @Nullable RawEvent event) {
    return transform.apply(record.partition(), record.offset(), record.key(), event);
  }

  /** Those of these events that {@link #uncorrected} has to be asked about. */
  public Selection among(SharedEvents events) {
    return transform.among(events);
  }

  /** Corrections hold for what cannot be applied as it stands. */
  public Effect effect(ConsumerRecord<byte[], byte[]> record, Corrections corrections) {
    Outcome own = uncorrected(record);
    return own instanceof Outcome.Dead dead
        ? corrected(record, dead, corrections)
        : new Effect.Of(own);
  }

  /**
   * The first correction that can be applied counts. Are there none, the event is as dead as the
   * last of them left it. So two readers agree, whichever correction they heard of first.
   *
   * @param own what the event is by itself
   */
  public Effect corrected(
      ConsumerRecord<byte[], byte[]> record, Outcome.Dead own, Corrections corrections) {
    Outcome last = own;
    for (Correction each : corrections.at(new EventPlace(record.partition(), record.offset()))) {
      if (each.action().equals(Correction.DISCARD)) {
        return new Effect.Discarded();
      }
      last = redriven(record, each);
      if (!(last instanceof Outcome.Dead)) {
        return new Effect.Of(last);
      }
    }
    return new Effect.Of(last);
  }

  private Outcome redriven(ConsumerRecord<byte[], byte[]> record, Correction correction) {
    byte @Nullable [] value =
        correction.payload() == null ? record.value() : utf8(correction.payload());
    if (correction.key() == null) {
      return transform.apply(record.partition(), record.offset(), record.key(), value);
    }
    byte[] key = utf8(correction.key());
    Optional<Outcome.Dead> refused = refusal(record, key);
    return refused.isPresent()
        ? refused.get()
        : transform.apply(record.partition(), record.offset(), key, value);
  }

  /**
   * The order of a key's events is that of its partition. So an event may get another key only when
   * its own is none, and only one whose other events stand beside it.
   */
  private Optional<Outcome.Dead> refusal(ConsumerRecord<byte[], byte[]> record, byte[] key) {
    if (append || Arrays.equals(key, record.key())) {
      return Optional.empty();
    }
    if (!(transform.apply(record.key(), (byte @Nullable []) null) instanceof Outcome.Dead)) {
      return Optional.of(
          dead(
              "KeyNotEditable",
              "the record key is right as it is, so the event cannot be made one of another key"));
    }
    int home = partition(key, partitions);
    return home == record.partition()
        ? Optional.empty()
        : Optional.of(
            dead(
                "KeyElsewhere",
                "events of the corrected record key belong into partition "
                    + home
                    + ", and there is no order between them and this one in partition "
                    + record.partition()));
  }

  /** Where producers put a key, by the default of Kafka's clients. */
  public static int partition(byte[] key, int partitions) {
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }

  private static Outcome.Dead dead(String code, String message) {
    return new Outcome.Dead(code, "", message, "");
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
