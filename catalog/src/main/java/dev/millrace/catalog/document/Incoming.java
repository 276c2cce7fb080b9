package dev.millrace.catalog.document;

import dev.millrace.api.Metadata;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.Resource;
import dev.millrace.api.problem.Finding;
import dev.millrace.catalog.problem.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object that came in, with the name that path and body agree on.
 *
 * @param findings what is wrong with everything but the spec; to be told together with what is
 *     wrong with that
 */
public record Incoming<S>(ObjectKey key, S spec, List<Finding> findings) {

  /**
   * @param path name as the path says it; empty when the body names the object
   * @throws Refusal 422 when no name or no spec is there to go on with
   */
  static <S> Incoming<S> of(
      Resource<S, ?> resource, String kind, String tenant, Optional<String> path) {
    List<Finding> findings = new ArrayList<>();
    fixed("/apiVersion", resource.apiVersion(), Resource.API_VERSION, findings);
    fixed("/kind", resource.kind(), kind, findings);
    Metadata metadata = resource.metadata();
    String named = metadata == null ? null : metadata.name();
    same("/metadata/namespace", metadata == null ? null : metadata.namespace(), tenant, findings);
    path.ifPresent(name -> same("/metadata/name", named, name, findings));
    if (path.isEmpty() && named == null) {
      findings.add(missing("/metadata/name", "the object needs a name"));
    }
    S spec = resource.spec();
    if (spec == null) {
      findings.add(missing("/spec", "the object says nothing: it has no spec"));
    }
    if (spec == null || (path.isEmpty() && named == null)) {
      throw Refusal.invalid(findings);
    }
    return new Incoming<>(new ObjectKey(tenant, path.orElse(named)), spec, List.copyOf(findings));
  }

  private static void fixed(
      String pointer, @Nullable String given, String right, List<Finding> findings) {
    if (given != null && !given.equals(right)) {
      findings.add(
          new Finding(
              pointer,
              "UnknownValue",
              "'" + Refusal.abbreviated(given) + "' is not what this path takes",
              "Write " + right + "."));
    }
  }

  private static void same(
      String pointer, @Nullable String given, String path, List<Finding> findings) {
    if (given != null && !given.equals(path)) {
      findings.add(
          new Finding(
              pointer,
              "PathMismatch",
              "the body says '"
                  + Refusal.abbreviated(given)
                  + "' and the path '"
                  + Refusal.abbreviated(path)
                  + "'",
              "Make both the same, or leave it out of the body."));
    }
  }

  private static Finding missing(String pointer, String message) {
    return new Finding(pointer, "Missing", message, "Add it; see docs/rest.md for an example.");
  }
}
