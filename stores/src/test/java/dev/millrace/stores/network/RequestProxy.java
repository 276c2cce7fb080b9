package dev.millrace.stores.network;

import dev.millrace.stores.StoreSite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network that breaks at a given request of a client, after the server has done it and before the
 * client hears of that. Until it is mended nobody new gets through.
 */
public abstract class RequestProxy implements AutoCloseable {
  private static final int ALL = Integer.MAX_VALUE;

  private final ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  private final int server;
  private final AtomicInteger left = new AtomicInteger(ALL);
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile Runnable then = () -> {};
  private volatile boolean cut;

  /**
   * @param server its port on the loopback address
   */
  RequestProxy(int server) throws IOException {
    this.server = server;
    Thread.ofVirtual().start(this::accept);
  }

  public final int port() {
    return listener.getLocalPort();
  }

  public final StoreSite in(StoreSite site) {
    return new StoreSite(
        site.store(),
        site.engine(),
        site.host(),
        port(),
        site.database(),
        site.tls(),
        site.admin(),
        site.writer());
  }

  public final void cutAt(int request) {
    cutAt(request, () -> {});
  }

  /**
   * @param request the first is 1
   * @param before the client can know
   */
  public final void cutAt(int request, Runnable before) {
    requests.clear();
    cut = false;
    then = before;
    left.set(request);
  }

  /** From here on all goes through. Returns whether it was cut. */
  public final boolean mend() {
    boolean was = cut;
    left.set(ALL);
    cut = false;
    return was;
  }

  /** What was asked for since it was to be cut; no secrets. */
  public final List<String> requests() {
    return List.copyOf(requests);
  }

  /** Returns whether this is the one at which it breaks. */
  final boolean isLast(String request) {
    if (left.get() == ALL) {
      return false;
    }
    requests.add(request);
    boolean last = left.decrementAndGet() == 0;
    if (last) {
      cut = true;
    }
    return last;
  }

  /** The last was answered, and the client has not heard of it. */
  final void broken() {
    then.run();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      if (cut) {
        return;
      }
      try (Socket behind = new Socket(InetAddress.getLoopbackAddress(), server)) {
        // A request comes in several packets, each of which would wait for the one before.
        client.setTcpNoDelay(true);
        behind.setTcpNoDelay(true);
        serve(client, behind);
      }
    } catch (IOException | InterruptedException broken) {
      // As the client will see.
    }
  }

  abstract void serve(Socket client, Socket behind) throws IOException, InterruptedException;

  @Override
  public final void close() throws IOException {
    listener.close();
  }
}
