package dev.millrace.standalone.verify;

import dev.millrace.api.ask.Verification;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What was found, for people. */
final class Table {
  private static final int SHOWN_IN_A_LINE = 5;

  private Table() {}

  static String of(Verification found) {
    StringBuilder text = new StringBuilder(headline(found)).append('\n');
    line(text, "equal", found.equal(), "");
    keys(text, "missing", found.missing());
    keys(text, "additional", found.additional());
    keys(text, "changed", found.changed());
    if (found.undecided().count() > 0) {
      keys(text, "undecided", found.undecided());
    }
    for (Verification.Reason reason : found.reasons()) {
      text.append("  ").append(reason.code()).append(": ").append(reason.message()).append('\n');
    }
    return text.toString();
  }

  private static String headline(Verification found) {
    Instant end = Objects.requireNonNullElse(found.endedAt(), found.startedAt());
    return String.format(
        Locale.ROOT,
        "%s: %,d rows compared, %,d events read in %.1f s%s",
        switch (String.valueOf(found.outcome())) {
          case "Equal" -> "Equal";
          case "Differs" -> "Differs";
          default -> "Cannot be proven";
        },
        found.rows(),
        found.events(),
        Duration.between(found.startedAt(), end).toMillis() / 1000.0,
        offsets(found.upTo()));
  }

  private static String offsets(Map<Integer, Long> upTo) {
    return upTo.isEmpty()
        ? ""
        : upTo.entrySet().stream()
            .map(each -> each.getKey() + ":" + each.getValue())
            .collect(Collectors.joining(" ", ", up to ", ""));
  }

  private static void keys(StringBuilder text, String what, Verification.Keys keys) {
    String some = keys.examples().stream().limit(SHOWN_IN_A_LINE).collect(Collectors.joining("  "));
    line(text, what, keys.count(), keys.count() > SHOWN_IN_A_LINE ? some + "  …" : some);
  }

  private static void line(StringBuilder text, String what, long count, String keys) {
    text.append(String.format(Locale.ROOT, "  %-10s %,12d  %s", what, count, keys).stripTrailing());
    text.append('\n');
  }
}
