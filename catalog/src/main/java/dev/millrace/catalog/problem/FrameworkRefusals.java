package dev.millrace.catalog.problem;

/** What HTTP itself refuses, in the words of a problem. */
public final class FrameworkRefusals {
  private FrameworkRefusals() {}

  public static Refusal of(int status) {
    return switch (status) {
      case 404 ->
          new Refusal(
              404, "NotFound", "there is nothing at this path", "See docs/rest.md for the paths.");
      case 405 ->
          new Refusal(
              405,
              "MethodNotAllowed",
              "this path does not take this method",
              "See docs/rest.md for what each path takes.");
      case 406 ->
          new Refusal(
              406,
              "NotAcceptable",
              "this path does not answer in the type that Accept names",
              "Accept application/json; objects also come as application/yaml.");
      case 413 ->
          new Refusal(
              413, "BodyTooLarge", "the body is larger than this path takes", "Send less at once.");
      case 415 ->
          new Refusal(
              415,
              "UnsupportedMediaType",
              "this path does not take bodies of this Content-Type",
              "Send objects as application/json or application/yaml; see docs/rest.md.");
      default ->
          new Refusal(
              status, "BadRequest", "the request cannot be understood", "See docs/rest.md.");
    };
  }
}
