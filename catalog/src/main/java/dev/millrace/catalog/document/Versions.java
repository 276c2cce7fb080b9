package dev.millrace.catalog.document;

import dev.millrace.catalog.problem.Refusal;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a caller expects to find: {@code If-Match} and {@code If-None-Match}.
 *
 * @param match the tags of which one must be the object's; empty when anything will do
 */
public record Versions(Optional<String> match, boolean createOnly) {
  public static final Versions ANY = new Versions(Optional.empty(), false);

  /**
   * @throws Refusal 400 for an If-None-Match other than {@code *}
   */
  public static Versions of(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
    if (ifNoneMatch != null && !ifNoneMatch.strip().equals("*")) {
      throw new Refusal(
          400,
          "InvalidParameter",
          "If-None-Match is only understood as *",
          "Write If-None-Match: * to create and never change.");
    }
    return new Versions(Optional.ofNullable(ifMatch).map(String::strip), ifNoneMatch != null);
  }

  public static String etag(long generation) {
    return "\"" + generation + "\"";
  }

  /**
   * @param generation of the object; empty when there is none
   * @throws Refusal 412 {@code VersionMismatch}
   */
  public void check(OptionalLong generation) {
    if (createOnly && generation.isPresent()) {
      throw mismatch(
          "the object is there already, with the version " + etag(generation.getAsLong()),
          "Leave If-None-Match out to change it.");
    }
    if (match.isPresent() && !matches(match.get(), generation)) {
      throw mismatch(
          generation.isPresent()
              ? "the object has the version " + etag(generation.getAsLong()) + " now"
              : "there is no object whose version could match",
          "GET it again, put your change into what it is now, and send that with its ETag.");
    }
  }

  private static boolean matches(String tags, OptionalLong generation) {
    return generation.isPresent()
        && Arrays.stream(tags.split(","))
            .map(String::strip)
            .anyMatch(tag -> tag.equals("*") || tag.equals(etag(generation.getAsLong())));
  }

  private static Refusal mismatch(String detail, String remedy) {
    return new Refusal(412, "VersionMismatch", detail, remedy);
  }
}
