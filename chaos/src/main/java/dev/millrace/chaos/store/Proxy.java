package dev.millrace.chaos.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A network between Millrace and a server that can break in ways a real one does. */
public final class Proxy implements AutoCloseable {
  private final ServerSocket listener;
  private volatile int target;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Armed> armed = new AtomicReference<>();
  private final AtomicInteger heldBack = new AtomicInteger();
  private volatile boolean stalled;

  /** Decides at which bytes a connection breaks. */
  private interface Cut {
    /**
     * @return how many of these bytes still pass before the end, or -1 to let all pass
     */
    int keep(Link link, boolean toServer, byte[] bytes, int length);
  }

  private record Armed(Cut cut, CountDownLatch struck) {}

  private Proxy(ServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
  }

  public static Proxy before(int target) throws IOException {
    Proxy proxy = new Proxy(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()), target);
    Thread.ofPlatform().name("proxy-" + target).daemon().start(proxy::accept);
    return proxy;
  }

  public int port() {
    return listener.getLocalPort();
  }

  /**
   * Breaks the next connection that writes much, half of the way through that.
   *
   * @return whether one broke in time
   */
  public boolean cutMidWrite(long withinMillis) throws InterruptedException {
    return cut(
        (link, toServer, bytes, length) -> toServer && length >= 400 ? length / 2 : -1,
        withinMillis);
  }

  /**
   * Breaks the next connection whose server says that a write is done, before that is heard.
   *
   * @return whether one broke in time
   */
  public boolean cutReplyToCommit(long withinMillis) throws InterruptedException {
    return cut(
        (link, toServer, bytes, length) ->
            !toServer && link.wroteLast && saysDone(bytes, length) ? 0 : -1,
        withinMillis);
  }

  /** Lets no byte pass in either direction from now on, and keeps connections open. */
  public void stall() {
    heldBack.set(0);
    stalled = true;
  }

  /** How many messages wait since it stalled. */
  public int heldBack() {
    return heldBack.get();
  }

  /** What was held back passes. */
  public void flow() {
    stalled = false;
  }

  /** Another server takes this one's place: connections that are open end, new ones go there. */
  public void redirect(int other) {
    target = other;
    links.forEach(Link::end);
  }

  /** Whether a cut waits for its moment. */
  boolean isArmed() {
    return armed.get() != null;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    links.forEach(Link::end);
  }

  private boolean cut(Cut cut, long withinMillis) throws InterruptedException {
    Armed trap = new Armed(cut, new CountDownLatch(1));
    armed.set(trap);
    try {
      return trap.struck().await(withinMillis, TimeUnit.MILLISECONDS);
    } finally {
      armed.set(null);
    }
  }

  /** Postgres: a transaction's or a single statement's end. Redis: the answers of EXEC. */
  private static boolean saysDone(byte[] bytes, int length) {
    boolean idle =
        length >= 6
            && bytes[length - 6] == 'Z'
            && bytes[length - 2] == 5
            && bytes[length - 1] == 'I';
    return idle || bytes[0] == '*' || bytes[0] == '+' || bytes[0] == ':';
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Link link = new Link(listener.accept());
        links.add(link);
        link.start();
      } catch (IOException closedOrServerDown) {
        continue;
      }
    }
  }

  /** One connection from a client through to the server. */
  private final class Link {
    private final Socket client;
    private @Nullable Socket server;
    private volatile boolean wroteLast;

    Link(Socket client) {
      this.client = client;
    }

    void start() throws IOException {
      try {
        Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
        server = there;
        client.setTcpNoDelay(true);
        there.setTcpNoDelay(true);
        pump(client, there, true);
        pump(there, client, false);
      } catch (IOException e) {
        end();
        throw e;
      }
    }

    private void pump(Socket from, Socket to, boolean toServer) {
      Thread.ofPlatform()
          .name("link")
          .daemon()
          .start(() -> {
            try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
              byte[] bytes = new byte[1 << 16];
              for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                waitWhileStalled(from);
                if (toServer) {
                  wroteLast = isWrite(bytes, length);
                }
                int keep = keep(toServer, bytes, length);
                if (keep >= 0) {
                  out.write(bytes, 0, keep);
                  return;
                }
                out.write(bytes, 0, length);
              }
            } catch (IOException | InterruptedException broken) {
              return;
            } finally {
              end();
            }
          });
    }

    private int keep(boolean toServer, byte[] bytes, int length) {
      Armed trap = armed.get();
      if (trap == null) {
        return -1;
      }
      int keep = trap.cut().keep(this, toServer, bytes, length);
      if (keep >= 0) {
        if (!armed.compareAndSet(trap, null)) {
          return -1;
        }
        trap.struck().countDown();
      }
      return keep;
    }

    /** What is looked for is in the last bytes: a COMMIT, a long statement, an EXEC or a script. */
    private boolean isWrite(byte[] bytes, int length) {
      String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
      return text.contains("COMMIT") || text.contains("EXEC\r\n") || length >= 400;
    }

    /** What is held back when the connection ends is lost. */
    private void waitWhileStalled(Socket from) throws IOException, InterruptedException {
      if (stalled) {
        heldBack.incrementAndGet();
      }
      while (stalled) {
        Thread.sleep(20);
        if (from.isClosed()) {
          throw new IOException("the connection ended");
        }
      }
    }

    void end() {
      links.remove(this);
      close(client);
      Socket there = server;
      if (there != null) {
        close(there);
      }
    }

    private static void close(Socket socket) {
      try {
        socket.close();
      } catch (IOException gone) {
        return;
      }
    }
  }
}
