package dev.millrace.catalog.access;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.regex.Pattern;

/** Which requests change nothing, by their method and path: what is not known is not among them. */
final class Asking {
  private static final List<HttpMethod> READING = List.of(HttpMethod.GET, HttpMethod.HEAD);
  private static final List<HttpMethod> MAKING = List.of(HttpMethod.PUT, HttpMethod.POST);

  private static final Pattern QUESTIONS =
      Pattern.compile(
          "/api/v1/(schema-inferences|tenants/[^/]+/products/[^/]+/preview"
              + "|tenants/[^/]+/subscriptions/[^/]+/verifications)");

  /** What can be tried. Elsewhere dryRun means nothing. */
  private static final Pattern TRIALS =
      Pattern.compile("/api/v1/tenants/[^/]+/(products|subscriptions)(/[^/]+)?");

  private Asking() {}

  /**
   * @param path normalized
   */
  static boolean isAll(HttpMethod method, String path, boolean dryRun) {
    return READING.contains(method)
        || (method.equals(HttpMethod.POST) && QUESTIONS.matcher(path).matches())
        || (dryRun && MAKING.contains(method) && TRIALS.matcher(path).matches());
  }
}
