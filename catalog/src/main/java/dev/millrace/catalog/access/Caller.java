package dev.millrace.catalog.access;

/**
 * Whoever sent a request.
 *
 * @param name the actor in the journal
 * @param admin of the platform
 */
public record Caller(String name, boolean admin) {
  static final String ATTRIBUTE = Caller.class.getName();
}
