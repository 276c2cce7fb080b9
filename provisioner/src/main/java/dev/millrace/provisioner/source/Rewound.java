package dev.millrace.provisioner.source;

/** Stream or store went back, or lost events, while they were compared: it has to begin anew. */
public final class Rewound extends Exception {
  private static final long serialVersionUID = 1L;

  public Rewound() {
    super(null, null, false, false);
  }
}
