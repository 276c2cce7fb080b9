package dev.millrace.provisioner;

import java.time.Duration;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Waits for what has to become true, and tells what was still wrong when time is up. */
final class Eventually {
  private static final Duration PATIENCE = Duration.ofSeconds(180);

  private Eventually() {}

  static void holds(ThrowingCallable assertion) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        assertion.call();
        return;
      } catch (InterruptedException timeIsUp) {
        throw timeIsUp;
      } catch (Throwable wrong) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("still wrong after " + PATIENCE + ": " + wrong, wrong);
        }
        Thread.sleep(20);
      }
    }
  }

  static <T> T present(Supplier<java.util.Optional<T>> found) throws Exception {
    java.util.concurrent.atomic.AtomicReference<T> kept =
        new java.util.concurrent.atomic.AtomicReference<>();
    holds(() -> kept.set(found.get().orElseThrow()));
    return kept.get();
  }
}
