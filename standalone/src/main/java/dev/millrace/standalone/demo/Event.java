package dev.millrace.standalone.demo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One record to publish.
 *
 * @param value JSON; null deletes the key
 */
@SuppressWarnings("ArrayRecordComponent") // never compared: the bytes go from here to the producer
record Event(byte[] key, byte @Nullable [] value) {

  static Event of(String key, byte @Nullable [] value) {
    return new Event(key.getBytes(StandardCharsets.UTF_8), value);
  }

  static Event deletion(String key) {
    return of(key, null);
  }

  String keyText() {
    return new String(key, StandardCharsets.UTF_8);
  }

  boolean isIn(ConsumerRecord<byte[], byte[]> record) {
    return Arrays.equals(key, record.key()) && Arrays.equals(value, record.value());
  }
}
