package dev.millrace.stores.redis;

import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Puts rows into commands. For one thread at a time. */
interface RowWriter {

  /** Whether {@link #write} leaves nothing of what was under the key, of whatever type. */
  boolean replaces();

  /**
   * @param expires milliseconds since 1970; a time that has passed leaves no key
   */
  void write(Requests requests, byte[] key, @Nullable Object[] row, OptionalLong expires)
      throws IOException;
}
