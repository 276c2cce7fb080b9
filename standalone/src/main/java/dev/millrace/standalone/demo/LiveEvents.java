package dev.millrace.standalone.demo;

/** What keeps happening: one earthquake for every three flights. */
final class LiveEvents {
  private static final int TURN = 4;

  private final Publication quakes;
  private final Publication flights;
  private long published;

  LiveEvents(Publication quakes, Publication flights) {
    this.quakes = quakes;
    this.flights = flights;
  }

  void publish(long events) {
    for (long i = 0; i < events; i++) {
      (published++ % TURN == 0 ? quakes : flights).publishNext();
    }
  }

  /** Returns once the broker has acknowledged everything. */
  void flush() {
    quakes.flush();
    flights.flush();
  }
}
