package dev.millrace.stores.postgres;

import dev.millrace.needs.column.ColumnType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows in the binary format of {@code COPY}: for each value its length, -1 for null, its bytes. */
final class CopyBuffer {
  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final long DAYS_BEFORE_2000 = LocalDate.of(2000, 1, 1).toEpochDay();
  private static final long SECONDS_BEFORE_2000 = DAYS_BEFORE_2000 * 86_400;

  private static final int USUAL = 128 * 1024;
  private static final int FULL = 64 * 1024;

  private final ColumnType[] types;
  private byte[] bytes = new byte[USUAL];
  private int length;

  CopyBuffer(TableShape table) {
    this(table.columns());
  }

  CopyBuffer(List<TableShape.Column> columns) {
    this.types = columns.stream().map(TableShape.Column::type).toArray(ColumnType[]::new);
  }

  /** Where full buffers go; the bytes are its own only until it returns. */
  interface Destination {
    void write(byte[] bytes, int offset, int length);
  }

  /** Rows from the first byte to the last. */
  void write(List<@Nullable Object[]> rows, Destination to) {
    clear();
    append(HEADER);
    for (@Nullable Object[] row : rows) {
      row(row);
      if (length > FULL) {
        send(to);
      }
    }
    int16(-1);
    send(to);
  }

  private void send(Destination to) {
    to.write(bytes, 0, length);
    clear();
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** What large rows needed is given back: there are many such buffers. */
  void clear() {
    length = 0;
    if (bytes.length > 2 * USUAL) {
      bytes = new byte[USUAL];
    }
  }

  void row(@Nullable Object[] values) {
    int16(types.length);
    for (int i = 0; i < types.length; i++) {
      Object value = values[i];
      if (value == null) {
        int32(-1);
      } else {
        value(types[i], value);
      }
    }
  }

  private void value(ColumnType type, Object value) {
    switch (type) {
      case ColumnType.Text text -> text((String) value);
      case ColumnType.Int32 i -> int32(4).int32((Integer) value);
      case ColumnType.Int64 i -> int32(8).int64((Long) value);
      case ColumnType.Float64 f -> int32(8).int64(Double.doubleToLongBits((Double) value));
      case ColumnType.Decimal decimal -> BinaryNumeric.write((BigDecimal) value, this);
      case ColumnType.Bool b -> int32(1).int8((Boolean) value ? 1 : 0);
      case ColumnType.Date date ->
          int32(4).int32((int) (((LocalDate) value).toEpochDay() - DAYS_BEFORE_2000));
      case ColumnType.Timestamp timestamp -> int32(8).int64(microseconds((Instant) value));
      case ColumnType.Uuid uuid -> uuid((UUID) value);
      case ColumnType.Json json -> json((String) value);
    }
  }

  private static long microseconds(Instant instant) {
    return (instant.getEpochSecond() - SECONDS_BEFORE_2000) * 1_000_000 + instant.getNano() / 1_000;
  }

  private void text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    int32(utf8.length);
    append(utf8);
  }

  private void uuid(UUID value) {
    int32(16).int64(value.getMostSignificantBits()).int64(value.getLeastSignificantBits());
  }

  /** A jsonb begins with the version of its format. */
  private void json(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    int32(utf8.length + 1).int8(1);
    append(utf8);
  }

  private void append(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
  }

  CopyBuffer int8(int value) {
    room(1);
    bytes[length++] = (byte) value;
    return this;
  }

  CopyBuffer int16(int value) {
    room(2);
    bytes[length++] = (byte) (value >> 8);
    bytes[length++] = (byte) value;
    return this;
  }

  CopyBuffer int32(int value) {
    room(4);
    bytes[length++] = (byte) (value >> 24);
    bytes[length++] = (byte) (value >> 16);
    bytes[length++] = (byte) (value >> 8);
    bytes[length++] = (byte) value;
    return this;
  }

  CopyBuffer int64(long value) {
    return int32((int) (value >> 32)).int32((int) value);
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
