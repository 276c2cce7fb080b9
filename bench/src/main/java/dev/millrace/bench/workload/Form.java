package dev.millrace.bench.workload;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What an event consists of: the eight fields of a bid as Nexmark has it, fewer of them, or many
 * more. All of it is a function of the bid.
 */
public record Form(String name, List<Column> columns) {
  /** As Nexmark has it. */
  public static final Form BID = new Form("bid", Query.Q0.columns());

  /** The first of these are in every form of a given size. */
  private static final int SHORT = 5;

  /** What {@link #SHORT} fields, their names and the frame of the long one take. */
  private static final int BESIDES = 96;

  private static final int TEXT = 12;
  private static final long NUMBERS = 10_000_000_000L;

  public Form {
    columns = List.copyOf(columns);
  }

  /** So many fields of about 20 bytes, numbers and texts in turns once a bid's own are used up. */
  public static Form ofFields(int count) {
    List<Column> columns = new ArrayList<>(Query.Q0.columns());
    for (int i = columns.size(); i < count; i++) {
      int field = i;
      columns.add(
          i % 2 == 0
              ? Column.number("f" + i, bid -> bid.drawn(field) % NUMBERS)
              : Column.text("f" + i, bid -> bid.letters(field, TEXT)));
    }
    return new Form(count + "-fields", columns.subList(0, count));
  }

  /** Six fields, the last of which is as long as it takes to have about so many bytes. */
  public static Form ofBytes(int bytes) {
    List<Column> columns = new ArrayList<>(Query.Q0.columns().subList(0, SHORT));
    int length = Math.max(1, bytes - BESIDES);
    columns.add(Column.text("extra", bid -> bid.stretched(length)));
    return new Form(bytes + "-bytes", columns);
  }

  public byte[] json(Bid bid) {
    return equals(BID) ? bid.json() : written(bid).getBytes(StandardCharsets.UTF_8);
  }

  private String written(Bid bid) {
    StringBuilder text = new StringBuilder();
    char separator = '{';
    for (Column column : columns) {
      text.append(separator).append('"').append(column.name()).append("\":");
      if (column.kind() == Column.Kind.NUMBER) {
        text.append(column.value().apply(bid));
      } else {
        text.append('"');
        bid.escape(column.inEvent(bid), text);
        text.append('"');
      }
      separator = ',';
    }
    return text.append('}').toString();
  }

  /** The schema's {@code required} and {@code properties} in YAML, without indentation. */
  public String schema() {
    return "required: ["
        + columns.stream().map(Column::name).collect(Collectors.joining(", "))
        + "]\nproperties:\n"
        + columns.stream()
            .map(column -> "  " + column.name() + ": {" + column.schema() + "}\n")
            .collect(Collectors.joining());
  }
}
