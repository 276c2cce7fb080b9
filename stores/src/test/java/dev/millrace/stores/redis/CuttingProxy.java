package dev.millrace.stores.redis;

import dev.millrace.stores.StoreSite;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A network that breaks at a given byte. Once armed, answers are held back, the server still gets
 * so many bytes more or the rest of a transaction, and then the client's connection ends.
 */
final class CuttingProxy implements AutoCloseable {
  private static final String TRANSACTION_ENDS = "\r\nEXEC\r\n";

  private final ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  private final int port;
  private volatile long left = Long.MAX_VALUE;
  private volatile CountDownLatch cut = new CountDownLatch(0);

  CuttingProxy(int port) throws IOException {
    this.port = port;
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

  void cutAfter(long bytes) {
    cut = new CountDownLatch(1);
    left = bytes;
  }

  /** The server has done with what it got. */
  void awaitCut() throws InterruptedException {
    if (!cut.await(120, TimeUnit.SECONDS)) {
      throw new AssertionError("nothing was cut");
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        AtomicBoolean silenced = new AtomicBoolean();
        Thread.ofVirtual().start(() -> forward(client, server, silenced));
        Thread.ofVirtual().start(() -> answer(server, client, silenced));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void forward(Socket client, Socket server, AtomicBoolean silenced) {
    byte[] buffer = new byte[4096];
    String tail = "";
    try (client;
        server) {
      InputStream in = client.getInputStream();
      for (int count; (count = in.read(buffer)) >= 0; ) {
        boolean armed = left != Long.MAX_VALUE;
        int passed = (int) Math.min(count, left);
        server.getOutputStream().write(buffer, 0, passed);
        if (!armed) {
          continue;
        }
        left -= passed;
        tail += new String(buffer, 0, passed, StandardCharsets.ISO_8859_1);
        // It has sent the whole, and waits for an answer it will not get.
        if (left == 0 || tail.contains(TRANSACTION_ENDS)) {
          end(server, silenced);
          return;
        }
        tail = tail.substring(Math.max(0, tail.length() - TRANSACTION_ENDS.length()));
      }
    } catch (IOException broken) {
      // As the client will see.
    }
  }

  /** Says nothing more and waits until the server has read all and closed too. */
  private void end(Socket server, AtomicBoolean silenced) throws IOException {
    silenced.set(true);
    server.shutdownOutput();
    server.getInputStream().transferTo(OutputStream.nullOutputStream());
    left = Long.MAX_VALUE;
    cut.countDown();
  }

  private void answer(Socket server, Socket client, AtomicBoolean silenced) {
    byte[] buffer = new byte[4096];
    try {
      for (int count; (count = server.getInputStream().read(buffer)) >= 0; ) {
        if (left == Long.MAX_VALUE && !silenced.get()) {
          client.getOutputStream().write(buffer, 0, count);
        }
      }
    } catch (IOException broken) {
      // As the client will see.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
