package dev.millrace.stores.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;

/** Rows as {@code COPY} takes them. They can be sent again, when a key was there already. */
record CopyRows(List<byte[]> parts) {

  static CopyRows of(List<@Nullable Object[]> rows, CopyBuffer buffer) {
    List<byte[]> parts = new ArrayList<>();
    buffer.write(
        rows,
        (bytes, offset, length) -> parts.add(Arrays.copyOfRange(bytes, offset, offset + length)));
    return new CopyRows(parts);
  }

  void send(CopyIn copy) throws SQLException {
    for (byte[] part : parts) {
      copy.writeToCopy(part, 0, part.length);
    }
  }
}
