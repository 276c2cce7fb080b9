package dev.millrace.provisioner.shell;

import dev.millrace.provisioner.core.Intake;
import dev.millrace.provisioner.core.Stretch;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Prepared;
import dev.millrace.stores.Sink;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A batch on its way from the intake to the store. For one thread at a time. */
final class Outgoing {
  private final List<Stretch.Done> moved;
  private final long events;
  private final int changes;

  /** Until it is prepared: then its events are not needed any more. */
  private @Nullable Batch batch;

  private @Nullable Prepared prepared;

  Outgoing(Intake.Filled filled) {
    this.moved = filled.moved();
    this.events = filled.events();
    this.changes = filled.changes();
    this.batch = filled.batch();
  }

  /**
   * @return what that took, in nanoseconds; 0 when it was prepared before
   */
  long prepare(Sink sink) {
    if (prepared != null) {
      return 0;
    }
    Prepared made = sink.prepare(Objects.requireNonNull(batch));
    prepared = made;
    batch = null;
    return made.nanos();
  }

  Prepared prepared() {
    return Objects.requireNonNull(prepared);
  }

  List<Stretch.Done> moved() {
    return moved;
  }

  long events() {
    return events;
  }

  int changes() {
    return changes;
  }
}
