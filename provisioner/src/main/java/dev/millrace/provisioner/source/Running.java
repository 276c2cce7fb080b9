package dev.millrace.provisioner.source;

import java.util.function.BooleanSupplier;

/** Whether to go on. */
public record Running(BooleanSupplier wanted) {

  public void check() throws Cancelled {
    if (!wanted.getAsBoolean()) {
      throw new Cancelled();
    }
  }
}
