package dev.millrace.chaos.fault;

import dev.millrace.chaos.round.Kind;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All kinds, the most telling first. */
public final class Kinds {
  private static final List<Kind> ALL =
      Stream.of(
              Processes.kinds(),
              Networks.kinds(),
              Rights.kinds(),
              Room.kinds(),
              Replicas.kinds(),
              Rebuild.kinds(),
              Alteration.kinds(),
              AlterationUndone.kinds(),
              Promotion.kinds(),
              SchemaBroken.kinds(),
              Losses.kinds())
          .flatMap(List::stream)
          .toList();

  private Kinds() {}

  public static List<Kind> all() {
    return ALL;
  }

  /**
   * @param names with commas between; empty for all
   */
  public static List<Kind> named(List<String> names) {
    for (String name : names) {
      if (ALL.stream().noneMatch(kind -> kind.name().equals(name))) {
        throw new IllegalArgumentException(
            "--kinds: there is no '"
                + name
                + "'; there are "
                + ALL.stream().map(Kind::name).collect(Collectors.joining(", ")));
      }
    }
    return ALL.stream().filter(kind -> names.isEmpty() || names.contains(kind.name())).toList();
  }
}
