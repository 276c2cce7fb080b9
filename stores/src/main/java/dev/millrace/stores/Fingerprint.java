package dev.millrace.stores;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Takes in the values of a key or a row one after the other and stands for them by some bits of
 * their SHA-256. Each value goes in with its length, so that no two rows look alike. Begins anew
 * once the bits were taken. Not safe for use by several threads.
 */
public final class Fingerprint {
  private static final int NOTHING = -1;

  private final MessageDigest sha256;
  private byte[] bytes = new byte[512];
  private int length;

  public Fingerprint() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new IllegalStateException(everyPlatformHasIt);
    }
  }

  /** No value, which is another than an empty one. */
  public Fingerprint nothing() {
    int32(NOTHING);
    return this;
  }

  public Fingerprint text(String value) {
    return value(value.getBytes(StandardCharsets.UTF_8));
  }

  public Fingerprint value(byte[] value) {
    return value(value, 0, value.length);
  }

  public Fingerprint value(byte[] in, int from, int count) {
    int32(count);
    room(count);
    System.arraycopy(in, from, bytes, length, count);
    length += count;
    return this;
  }

  public KeyDigest key() {
    ByteBuffer digest = digest();
    return new KeyDigest(digest.getLong(), digest.getLong());
  }

  /** 64 bits: of 2^64 changes one would not be seen. */
  public long content() {
    return digest().getLong();
  }

  private ByteBuffer digest() {
    sha256.update(bytes, 0, length);
    length = 0;
    return ByteBuffer.wrap(sha256.digest());
  }

  private void int32(int value) {
    room(4);
    bytes[length++] = (byte) (value >> 24);
    bytes[length++] = (byte) (value >> 16);
    bytes[length++] = (byte) (value >> 8);
    bytes[length++] = (byte) value;
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
