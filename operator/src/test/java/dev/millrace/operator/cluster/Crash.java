package dev.millrace.operator.cluster;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * Its client comes to the API server for the last time with the n-th request that changes
 * something: the server does what it is asked to, and nobody hears of it. Reading changes nothing,
 * so a crash after it is one before the next.
 */
public final class Crash implements Interceptor {
  private static final Set<String> CHANGES = Set.of("POST", "PUT", "PATCH", "DELETE");

  private final int last;
  private final List<String> sites = new CopyOnWriteArrayList<>();
  private final CountDownLatch crashed = new CountDownLatch(1);

  /** Thrown to whoever asks or waits for an answer. */
  private static final class Dead extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Dead() {
      super("crashed");
    }
  }

  /**
   * @param last the request that is the last, from 1
   */
  public Crash(int last) {
    this.last = last;
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    if (crashed.getCount() == 0) {
      throw new Dead();
    }
    if (CHANGES.contains(request.method())) {
      sites.add(request.method() + " " + request.uri().getPath());
    }
  }

  @Override
  public void after(
      HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> body) {
    if (CHANGES.contains(request.method()) && sites.size() >= last) {
      crashed.countDown();
      throw new Dead();
    }
  }

  /** One that comes from elsewhere. */
  public static Crash elsewhere() {
    return new Crash(Integer.MAX_VALUE);
  }

  /** Nothing of its client comes to the API server any more. */
  public void now() {
    crashed.countDown();
  }

  public boolean hasCrashed() {
    return crashed.getCount() == 0;
  }

  /** The requests that changed something, in their order. */
  public List<String> sites() {
    return List.copyOf(sites);
  }
}
