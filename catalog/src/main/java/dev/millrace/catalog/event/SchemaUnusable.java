package dev.millrace.catalog.event;

/** A product's schema that no event can be checked against. */
final class SchemaUnusable extends Exception {
  private static final long serialVersionUID = 1L;

  SchemaUnusable(Throwable cause) {
    super("the schema cannot be used: " + cause.getMessage(), cause);
  }
}
