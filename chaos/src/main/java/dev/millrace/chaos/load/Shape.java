package dev.millrace.chaos.load;

import java.util.Optional;

/** From an event's row to what a subscription shows of it. */
public interface Shape {
  /**
   * @param place where the event lies: columns may have come, or become wider, at some place
   * @return empty when a column cannot take its value, so that the event is a dead letter
   */
  Optional<Row> of(Row row, Load.Place place);
}
