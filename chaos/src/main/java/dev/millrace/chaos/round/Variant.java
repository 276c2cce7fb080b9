package dev.millrace.chaos.round;

import dev.millrace.chaos.load.Row;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription asks for that may change while it runs; then what it holds is built anew.
 *
 * @param least the smallest total that its filter lets pass; null for no filter
 * @param again whether it has one column more, the version a second time
 * @param token asks for the same once more when it is another one; null for none
 */
public record Variant(@Nullable Integer least, boolean again, @Nullable String token) {

  public Variant withLeast(int another) {
    return new Variant(another, again, token);
  }

  public Variant reshaped() {
    return new Variant(least, !again, token);
  }

  public Variant withToken(String another) {
    return new Variant(least, again, another);
  }

  boolean passes(Row row) {
    return least == null || row.total().compareTo(BigDecimal.valueOf(least)) >= 0;
  }

  Row shown(Row row) {
    return again ? row.withAgain() : row;
  }
}
