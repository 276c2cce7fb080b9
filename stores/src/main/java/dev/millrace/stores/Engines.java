package dev.millrace.stores;

import java.util.List;
import java.util.Optional;

/** The engines there are. A new one is one new package and one line here. */
public final class Engines {
  private final List<StoreDriver> drivers;

  public Engines(List<StoreDriver> drivers) {
    this.drivers = List.copyOf(drivers);
  }

  /** Empty when there is no engine of this name; {@link #names} are those there are. */
  public Optional<StoreDriver> driver(String engine) {
    return drivers.stream().filter(driver -> driver.engine().equals(engine)).findFirst();
  }

  public List<String> names() {
    return drivers.stream().map(StoreDriver::engine).toList();
  }
}
