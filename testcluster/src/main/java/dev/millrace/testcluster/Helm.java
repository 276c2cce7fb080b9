package dev.millrace.testcluster;

/** The real {@code helm}, as one user. */
public final class Helm extends Tool {
  public Helm(ApiServer server, String user) {
    super("helm", server, user);
  }
}
