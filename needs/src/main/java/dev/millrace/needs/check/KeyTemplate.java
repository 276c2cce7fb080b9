package dev.millrace.needs.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Redis key with column names in braces, such as {@code order:{order_id}}.
 *
 * @param literals the texts around the columns: one more than there are columns
 */
public record KeyTemplate(List<String> literals, List<String> columns) {

  public KeyTemplate {
    literals = List.copyOf(literals);
    columns = List.copyOf(columns);
  }

  /** Empty when braces do not match or a name is missing. */
  public static Optional<KeyTemplate> parse(String text) {
    List<String> literals = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    int at = 0;
    while (true) {
      int open = text.indexOf('{', at);
      int close = text.indexOf('}', at);
      if (open < 0) {
        if (close >= 0) {
          return Optional.empty();
        }
        literals.add(text.substring(at));
        return Optional.of(new KeyTemplate(literals, columns));
      }
      int end = text.indexOf('}', open);
      String name = end < 0 ? "" : text.substring(open + 1, end);
      if ((close >= 0 && close < open) || name.isBlank() || name.indexOf('{') >= 0) {
        return Optional.empty();
      }
      literals.add(text.substring(at, open));
      columns.add(name);
      at = end + 1;
    }
  }

  /** What every key begins with. */
  public String prefix() {
    return literals.get(0);
  }
}
