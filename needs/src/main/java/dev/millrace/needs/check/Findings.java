package dev.millrace.needs.check;

import dev.millrace.api.problem.Finding;
import dev.millrace.needs.name.Names;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects everything that is wrong, so that a person hears it at once. */
final class Findings {
  private final List<Finding> all = new ArrayList<>();

  void add(String pointer, String code, String message, String remedy) {
    all.add(new Finding(pointer, code, message, remedy));
  }

  void addAll(Collection<Finding> findings) {
    all.addAll(findings);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  List<Finding> list() {
    return List.copyOf(all);
  }

  /** One of the words, the default when absent; anything else is a finding. */
  String oneOf(String pointer, @Nullable String value, List<String> words, String whenAbsent) {
    if (value == null) {
      return whenAbsent;
    }
    if (!words.contains(value)) {
      add(
          pointer,
          "UnknownValue",
          "'" + value + "' is not one of " + String.join(", ", words),
          didYouMean(value, words).orElse("Use one of " + String.join(", ", words) + "."));
      return whenAbsent;
    }
    return value;
  }

  static Optional<String> didYouMean(String word, Collection<String> candidates) {
    return Names.closest(word, candidates).map(name -> "Did you mean '" + name + "'?");
  }
}
