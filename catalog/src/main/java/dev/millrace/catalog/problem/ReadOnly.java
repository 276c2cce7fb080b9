package dev.millrace.catalog.problem;

/** What a catalog says to whoever would change something that is not kept by it. */
public final class ReadOnly {
  private ReadOnly() {}

  public static Refusal refusal() {
    return new Refusal(
        403,
        "ReadOnlyCatalog",
        "nothing can be changed through this catalog: its objects are kept by the Kubernetes cluster",
        "Change them there: kubectl apply, or the Git repository that they come from. The YAML"
            + " that the UI shows can be applied as it is.");
  }
}
