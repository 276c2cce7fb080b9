package dev.millrace.catalog.problem;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.problem.Problem;
import java.util.List;

/** A request that is not carried out, told as a problem. Thrown anywhere below a resource. */
public class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final String remedy;
  private final transient List<Finding> findings;

  /**
   * @param code stable CamelCase word; has its page in docs/conditions
   * @param detail what is wrong, in a sentence
   */
  public Refusal(int status, String code, String detail, String remedy) {
    this(status, code, detail, remedy, List.of());
  }

  public Refusal(int status, String code, String detail, String remedy, List<Finding> findings) {
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
    this.remedy = remedy;
    this.findings = List.copyOf(findings);
  }

  /** The input can be read and is wrong: all that was found, at once. */
  public static Refusal invalid(List<Finding> findings) {
    String places = findings.size() == 1 ? "one place" : findings.size() + " places";
    return new Refusal(
        422,
        "Invalid",
        "what was sent is wrong in " + places,
        "Correct what 'errors' lists; nothing was done.",
        findings);
  }

  /**
   * @param kind such as {@code product}
   */
  public static Refusal notFound(String kind, ObjectKey key) {
    return new Refusal(
        404,
        "NotFound",
        "there is no " + kind + " '" + abbreviated(key.toString()) + "'",
        "GET /api/v1/" + kind + "s lists those there are.");
  }

  /** A name as it may stand in a message, however long it came in. */
  public static String abbreviated(String text) {
    String printable = text.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= 80 ? printable : printable.substring(0, 77) + "...";
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public Problem problem(String instance) {
    return Problems.of(status, code, getMessage(), remedy, findings, instance);
  }
}
