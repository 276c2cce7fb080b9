package dev.millrace.outside;

import java.time.Duration;

/** Looks again and again, until it is so or the time is over. */
public final class Eventually {
  private static final long PAUSE_MILLIS = 50;

  private Eventually() {}

  /**
   * May fail to find out, as when a server is down: then it is not so yet. Throws {@link Never}
   * when it cannot become so any more.
   */
  public interface Condition {
    boolean holds() throws Exception;
  }

  /**
   * @return how long it took
   * @throws TooLate when it was not so within the time
   * @throws Never when waiting is of no use
   */
  public static Duration await(String what, Duration within, Condition condition) {
    long begun = System.nanoTime();
    Exception last = null;
    while (true) {
      try {
        if (condition.holds()) {
          return Duration.ofNanos(System.nanoTime() - begun);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TooLate("interrupted while waiting for: " + what, e);
      } catch (Never e) {
        throw e;
      } catch (Exception e) {
        last = e;
      }
      if (System.nanoTime() - begun > within.toNanos()) {
        throw new TooLate("not within " + within.toSeconds() + " s: " + what, last);
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TooLate("interrupted", e);
    }
  }

  /** What was waited for can no longer come. */
  public static final class Never extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Never(String message) {
      super(message);
    }
  }

  /** What was waited for did not come. */
  public static final class TooLate extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLate(String message, @org.jspecify.annotations.Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
