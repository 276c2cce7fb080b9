package dev.millrace.standalone.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Flights: their row in the file is their id. Live events move delays across the hour. */
final class FlightSequence implements Sequence {
  static final int HISTORY = 3_000_000;

  private static final int POOL_FROM_ROWS = 250_000;
  private static final byte[] SFO = {'S', 'F', 'O'};

  private final FlightFile file;
  private final long seed;
  private final List<Flight> pool = new ArrayList<>();
  private final List<Flight> sfo = new ArrayList<>();

  private record Flight(int id, long micros, long distance, byte[] origin, byte[] destination) {}

  /** Reads the first rows: live events are made from them. */
  FlightSequence(FlightFile file, long seed) {
    this.file = file;
    this.seed = seed;
    file.each((id, micros, delay, distance, origin, destination) -> {
      if (Arrays.equals(origin, SFO)) {
        sfo.add(new Flight(id, micros, distance, origin, destination));
      } else if (id % 25 == 0) {
        pool.add(new Flight(id, micros, distance, origin, destination));
      }
      return id < POOL_FROM_ROWS;
    });
  }

  @Override
  public String product() {
    return "flights";
  }

  @Override
  public long historySize() {
    return HISTORY;
  }

  @Override
  public void history(Predicate<byte[]> due, Consumer<Event> take) {
    FlightJson json = new FlightJson();
    file.each((id, micros, delay, distance, origin, destination) -> {
      byte[] key = json.key(id);
      if (due.test(key)) {
        take.accept(new Event(key, json.of(id, micros, delay, distance, origin, destination)));
      }
      return true;
    });
  }

  @Override
  public Event live(long number) {
    SplittableRandom dice = Sequence.dice(seed, number);
    List<Flight> from = dice.nextBoolean() ? sfo : pool;
    Flight like = from.get(dice.nextInt(from.size()));
    boolean newcomer = dice.nextInt(100) < 25;
    int kind = dice.nextInt(100);
    long earlier = number == 0 ? 0 : dice.nextLong(number);
    if (kind < 30) {
      return flight(idOfNew(number), like, dice);
    }
    long id = newcomer ? idOfNew(earlier) : like.id();
    return kind < 80 ? flight(id, like, dice) : Event.deletion(Long.toString(id));
  }

  private static long idOfNew(long number) {
    return HISTORY + 1 + number;
  }

  private static Event flight(long id, Flight like, SplittableRandom dice) {
    return Event.of(
        Long.toString(id),
        new FlightJson()
            .of(
                id,
                like.micros(),
                dice.nextInt(-20, 141),
                like.distance(),
                like.origin(),
                like.destination()));
  }
}
