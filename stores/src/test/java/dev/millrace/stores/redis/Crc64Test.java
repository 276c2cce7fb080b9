package dev.millrace.stores.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Crc64Test {
  @Test
  void theCheckValueOfItsDefinition() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertThat(Crc64.of(digits, 0, digits.length)).isEqualTo(0xe9c6d914c4b8d9caL);
  }

  @Test
  void eightBytesAStepAreAsOneByOneWhereverItBegins() {
    byte[] bytes = new byte[300];
    new Random(3).nextBytes(bytes);
    for (int from = 0; from < 20; from++) {
      for (int to = from; to < bytes.length; to++) {
        assertThat(Crc64.of(bytes, from, to)).isEqualTo(bitByBit(bytes, from, to));
      }
    }
  }

  private static long bitByBit(byte[] bytes, int from, int to) {
    long crc = 0;
    for (int i = from; i < to; i++) {
      crc ^= bytes[i] & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ 0x95ac9329ac4bc9b5L;
      }
    }
    return crc;
  }
}
