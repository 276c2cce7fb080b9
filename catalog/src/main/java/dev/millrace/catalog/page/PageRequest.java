package dev.millrace.catalog.page;

import dev.millrace.catalog.problem.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What part of a list is wanted.
 *
 * @param after where the page before ended: its last key
 */
public record PageRequest(int limit, Optional<String> after) {
  public static final int MOST = 500;
  private static final int USUAL = 50;

  /**
   * @throws Refusal 400 {@code InvalidParameter}
   */
  public static PageRequest of(@Nullable String limit, @Nullable String cursor) {
    return new PageRequest(
        limit == null ? USUAL : number(limit),
        Optional.ofNullable(cursor).map(PageRequest::decoded));
  }

  /** The part of a sorted map behind {@code after}. */
  public <K, V, T> Page<T> of(
      SortedMap<K, V> all, Function<String, K> key, BiFunction<K, V, Optional<T>> item) {
    Optional<K> behind = after.map(text -> parsed(text, key));
    SortedMap<K, V> rest = behind.map(all::tailMap).orElse(all);
    Stream<Keyed<K, T>> wanted =
        rest.entrySet().stream()
            .filter(e -> behind.isEmpty() || !e.getKey().equals(behind.get()))
            .flatMap(e ->
                item.apply(e.getKey(), e.getValue()).map(t -> new Keyed<>(e.getKey(), t)).stream());
    List<Keyed<K, T>> page = wanted.limit(limit + 1L).toList();
    boolean more = page.size() > limit;
    List<Keyed<K, T>> shown = more ? page.subList(0, limit) : page;
    return new Page<>(
        shown.stream().map(Keyed::item).toList(),
        more ? encoded(shown.get(limit - 1).key().toString()) : null);
  }

  private record Keyed<K, T>(K key, T item) {}

  /** A cursor is opaque, so that nobody builds one. */
  public static String encoded(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A cursor that holds a number.
   *
   * @throws Refusal 400 when it does not
   */
  public static long position(String after) {
    return parsed(after, Long::parseLong);
  }

  private static String decoded(String cursor) {
    return parsed(
        cursor, text -> new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
  }

  private static <T> T parsed(String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw invalid("cursor", "Take it from 'next' of the page before, as it is.");
    }
  }

  private static int number(String limit) {
    if (limit.matches("[0-9]{1,3}")) {
      int number = Integer.parseInt(limit);
      if (number >= 1 && number <= MOST) {
        return number;
      }
    }
    throw invalid("limit", "Use a number from 1 to " + MOST + ".");
  }

  private static Refusal invalid(String parameter, String remedy) {
    return new Refusal(
        400, "InvalidParameter", "the query parameter '" + parameter + "' is wrong", remedy);
  }
}
