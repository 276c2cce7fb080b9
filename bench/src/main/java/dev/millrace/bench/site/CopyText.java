package dev.millrace.bench.site;

import dev.millrace.bench.workload.Bid;
import dev.millrace.bench.workload.Column;
import dev.millrace.bench.workload.Query;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Rows as the text format of Postgres' {@code COPY} writes them. */
public final class CopyText {
  private CopyText() {}

  /** All rows that a query gives of the first bids of a stream. */
  public static void write(Path file, Query query, long seed, long events) throws IOException {
    try (Writer out = Files.newBufferedWriter(file)) {
      for (long i = 0; i < events; i++) {
        Bid bid = Bid.of(seed, i);
        if (query.passes().test(bid)) {
          String separator = "";
          for (Column column : query.columns()) {
            out.write(separator);
            out.write(escaped(column.inEvent(bid)));
            separator = "\t";
          }
          out.write('\n');
        }
      }
    }
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }

  static String unescaped(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        plain.append(c);
      } else {
        char escape = text.charAt(++i);
        plain.append(
            switch (escape) {
              case 't' -> '\t';
              case 'n' -> '\n';
              case 'r' -> '\r';
              case 'b' -> '\b';
              case 'f' -> '\f';
              case 'v' -> '\u000b';
              default -> escape;
            });
      }
    }
    return plain.toString();
  }
}
