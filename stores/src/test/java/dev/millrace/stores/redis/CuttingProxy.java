package dev.millrace.stores.redis;

import dev.millrace.stores.StoreSite;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A network that breaks at a given byte. Once armed, answers are held back, the server still gets
 * so many bytes more, and then the client's connection ends.
 */
final class CuttingProxy implements AutoCloseable {
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
    if (!cut.await(10, TimeUnit.SECONDS)) {
      throw new AssertionError("nothing was cut");
    }
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
    try (client;
        server) {
      InputStream in = client.getInputStream();
      client.setSoTimeout(200);
      while (true) {
        int count = read(in, buffer);
        boolean armed = left != Long.MAX_VALUE;
        int passed = (int) Math.min(Math.max(count, 0), left);
        server.getOutputStream().write(buffer, 0, passed);
        if (armed) {
          left -= passed;
        }
        // Silent for a while: it has sent all it had, and waits for an answer it will not get.
        if (armed && (left == 0 || count == 0)) {
          end(server);
          return;
        }
        if (count < 0) {
          return;
        }
      }
    } catch (IOException broken) {
      // As the client will see.
    }
  }

  /** Says nothing more and waits until the server has read all and closed too. */
  private void end(Socket server) throws IOException {
    server.shutdownOutput();
    server.getInputStream().transferTo(OutputStream.nullOutputStream());
    left = Long.MAX_VALUE;
    cut.countDown();
  }

  private static int read(InputStream in, byte[] buffer) throws IOException {
    try {
      return in.read(buffer);
    } catch (java.net.SocketTimeoutException silent) {
      return 0;
    }
  }

  private void answer(Socket server, Socket client) {
    byte[] buffer = new byte[4096];
    try {
      for (int count; (count = server.getInputStream().read(buffer)) >= 0; ) {
        if (left == Long.MAX_VALUE) {
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
