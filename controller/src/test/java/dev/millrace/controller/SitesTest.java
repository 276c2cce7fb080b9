package dev.millrace.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import dev.millrace.stores.credentials.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many subscriptions of a store, or of a tenant, are looked at together. */
class SitesTest {
  private static final int THREADS = 16;

  private final EmptyVault vault = new EmptyVault();
  private final Sites sites =
      new Sites(
          name ->
              Optional.of(
                  new StoreClassSpec(
                      null, "Postgres", "Shared", "host:5432", null, "admin", null, null, null)),
          vault);

  /** Who looks for the first time is answered when all have looked: so all find nothing. */
  private static final class EmptyVault implements Vault {
    private final Map<String, Credentials> logins = new ConcurrentHashMap<>();
    private final Map<String, byte[]> keys = new ConcurrentHashMap<>();
    private final AtomicInteger written = new AtomicInteger();
    private final CountDownLatch looking = new CountDownLatch(THREADS);

    private void look() {
      looking.countDown();
      try {
        looking.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public Optional<Credentials> credentials(String reference) {
      if (reference.startsWith("admin/")) {
        return Optional.of(new Credentials("admin", "its password"));
      }
      Optional<Credentials> found = Optional.ofNullable(logins.get(reference));
      if (reference.startsWith("writer/")) {
        look();
      }
      return found;
    }

    @Override
    public Optional<byte[]> key(String reference) {
      Optional<byte[]> found = Optional.ofNullable(keys.get(reference));
      look();
      return found;
    }

    @Override
    public void put(String reference, Credentials credentials) {
      written.incrementAndGet();
      logins.put(reference, credentials);
    }

    @Override
    public void putKey(String reference, byte[] key) {
      written.incrementAndGet();
      keys.put(reference, key);
    }

    @Override
    public void delete(String reference) {
      logins.remove(reference);
      keys.remove(reference);
    }
  }

  private interface Work<T> {
    T done() throws Exception;
  }

  private static <T> List<T> together(Work<T> work) throws Exception {
    List<T> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<T>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        running.add(threads.submit(work::done));
      }
      for (Future<T> each : running) {
        results.add(each.get());
      }
    }
    return results;
  }

  @Test
  void theWritersLoginIsMadeUpOnce() throws Exception {
    StoreSpec spec = new StoreSpec("postgres", null, "Delete");

    List<StoreSite> found = together(() -> sites.site(new ObjectKey("team", "shared"), spec));

    assertThat(found.stream().map(site -> site.writer().password()).distinct()).hasSize(1);
    assertThat(vault.written).hasValue(1);
  }

  @Test
  void aTenantsKeyIsMadeOnce() throws Exception {
    together(() -> sites.hashKey("team"));

    assertThat(vault.written).hasValue(1);
  }
}
