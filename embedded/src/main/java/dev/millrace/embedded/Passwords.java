package dev.millrace.embedded;

import java.security.SecureRandom;
import java.util.HexFormat;

final class Passwords {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Passwords() {}

  /** 160 bits as hex: safe to write into any configuration file without quoting. */
  static String fresh() {
    byte[] bytes = new byte[20];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
