package dev.millrace.provisioner.verify;

/** Stream or store went back, or lost events, while they were compared: it has to begin anew. */
final class Rewound extends Exception {
  private static final long serialVersionUID = 1L;

  Rewound() {
    super(null, null, false, false);
  }
}
