package dev.millrace.needs.filter;

import java.util.List;

/** An expression that cannot run against this schema. */
public final class ExpressionRejected extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Mistake> mistakes;

  ExpressionRejected(List<Mistake> mistakes) {
    super(mistakes.get(0).message());
    this.mistakes = List.copyOf(mistakes);
  }

  public List<Mistake> mistakes() {
    return mistakes;
  }

  /**
   * @param code UnknownField, TypeMismatch, ExpressionSyntax, NotBoolean or FilterTooExpensive
   * @param message with line and column where it is known
   */
  public record Mistake(String code, String message, String remedy) {}
}
