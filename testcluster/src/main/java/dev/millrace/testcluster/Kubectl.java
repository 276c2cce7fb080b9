package dev.millrace.testcluster;

/** The real {@code kubectl}, as one user. */
public final class Kubectl extends Tool {
  public Kubectl(ApiServer server, String user) {
    super("kubectl", server, user);
  }
}
