package dev.millrace.catalog.journal;

import dev.millrace.api.ObjectKey;
import dev.millrace.catalog.problem.ReadOnly;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Of a catalog whose objects are kept somewhere else, which has their history as well: nothing is
 * decided here. What is reported is remembered while the process lives.
 */
public final class KeptElsewhere implements Journal {
  @Override
  public <T> T inTurn(Supplier<T> decision) {
    throw ReadOnly.refusal();
  }

  @Override
  public List<Entry> append(
      String kind, ObjectKey key, long after, List<Fact> facts, String actor) {
    throw ReadOnly.refusal();
  }

  @Override
  public List<Entry> ofKind(String kind) {
    return List.of();
  }

  @Override
  public List<Entry> since(String kind, ObjectKey key, long version) {
    return List.of();
  }

  @Override
  public List<Entry> page(String kind, ObjectKey key, long after, int limit) {
    return List.of();
  }

  @Override
  public <T> LastReports<T> reports(String kind, Class<T> type) {
    return new Remembered<>();
  }

  @Override
  public long length() {
    return 0;
  }

  private static final class Remembered<T> implements LastReports<T> {
    private final Map<ObjectKey, T> last = new ConcurrentHashMap<>();

    @Override
    public Optional<T> find(ObjectKey key) {
      return Optional.ofNullable(last.get(key));
    }

    @Override
    public void put(ObjectKey key, T report) {
      last.put(key, report);
    }

    @Override
    public void forget(ObjectKey key) {
      last.remove(key);
    }
  }
}
