package dev.millrace.needs.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Where a field is: the names from the event down. It remembers where it found each name last, for
 * most events of a stream are made alike; that is only ever a first guess, so threads may share it.
 */
public final class FieldPath {
  final Name[] names;

  private FieldPath(Name[] names) {
    this.names = names;
  }

  public static FieldPath of(List<String> names) {
    return new FieldPath(names.stream().map(Name::new).toArray(Name[]::new));
  }

  /**
   * @param path such as {@code customer.email}; a name that holds a dot itself cannot be reached
   */
  public static FieldPath dotted(String path) {
    return of(Arrays.asList(path.split("\\.")));
  }

  static final class Name {
    final String text;
    final byte[] utf8;

    /** How many entries of the index after the first of its object. */
    int guess;

    private Name(String text) {
      this.text = text;
      this.utf8 = text.getBytes(StandardCharsets.UTF_8);
    }
  }
}
