package dev.millrace.stores.redis;

import dev.millrace.stores.StoreSite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A network in which something happens before an EXEC, or another request, gets through. */
final class HeldExec implements AutoCloseable {
  private static final String EXEC = "*1\r\n$4\r\nEXEC\r\n";

  private final ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  private final int port;
  private final String held;
  private volatile Step step = () -> {};

  interface Step {
    void run() throws Exception;
  }

  HeldExec(int port) throws IOException {
    this(port, EXEC);
  }

  /**
   * @param held what the request to wait before contains, and no other
   */
  HeldExec(int port, String held) throws IOException {
    this.port = port;
    this.held = held;
    Thread.ofVirtual().start(this::accept);
  }

  StoreSite in(StoreSite site) {
    return new StoreSite(
        site.store(),
        site.engine(),
        site.host(),
        listener.getLocalPort(),
        site.database(),
        site.tls(),
        site.admin(),
        site.writer());
  }

  /** When it fails, the connection ends. */
  void beforeExec(Step happens) {
    step = happens;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        Thread.ofVirtual().start(() -> forward(client, server));
        Thread.ofVirtual().start(() -> answer(server, client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void forward(Socket client, Socket server) {
    byte[] buffer = new byte[4096];
    String pending = "";
    try (client;
        server) {
      for (int count; (count = client.getInputStream().read(buffer)) >= 0; ) {
        pending += new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
        for (int at; (at = pending.indexOf(held)) >= 0; ) {
          send(pending.substring(0, at), server);
          step.run();
          send(held, server);
          pending = pending.substring(at + held.length());
        }
        int kept = begun(pending);
        send(pending.substring(0, pending.length() - kept), server);
        pending = pending.substring(pending.length() - kept);
      }
    } catch (Exception broken) {
      // As the client will see.
    }
  }

  /** How much of the end may be the beginning of what is held. */
  private int begun(String text) {
    int kept = Math.min(text.length(), held.length() - 1);
    while (!text.endsWith(held.substring(0, kept))) {
      kept--;
    }
    return kept;
  }

  private static void send(String bytes, Socket to) throws IOException {
    to.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void answer(Socket server, Socket client) {
    try {
      server.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException broken) {
      // As the client will see.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
