package dev.millrace.provisioner.verify;

import java.util.function.BooleanSupplier;

/** Whether to go on. */
record Running(BooleanSupplier wanted) {

  void check() throws Cancelled {
    if (!wanted.getAsBoolean()) {
      throw new Cancelled();
    }
  }
}
