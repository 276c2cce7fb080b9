package dev.millrace.stores.redis;

import dev.millrace.stores.StoreSite;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network that breaks at a given command of a client, after the server has done it and before the
 * client hears of that.
 */
final class CommandProxy implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  private final int port;
  private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
  private volatile CountDownLatch cut = new CountDownLatch(1);
  private volatile Socket silenced;

  CommandProxy(int port) throws IOException {
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

  /**
   * @param command the first is 1
   */
  void cutAt(int command) {
    cut = new CountDownLatch(1);
    left.set(command);
  }

  /** From here on all goes through. */
  boolean mend() {
    left.set(Integer.MAX_VALUE);
    return cut.getCount() == 0;
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
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      InputStream asked = new BufferedInputStream(client.getInputStream());
      Thread.ofVirtual().start(() -> answer(server, client));
      while (true) {
        byte[] command = command(asked);
        boolean last = counts(command) && left.decrementAndGet() == 0;
        if (last) {
          silenced = client;
        }
        server.getOutputStream().write(command);
        if (last) {
          // It closes too when it has done what it got.
          server.shutdownOutput();
          server.getInputStream().transferTo(OutputStream.nullOutputStream());
          cut.countDown();
          return;
        }
      }
    } catch (IOException broken) {
      // As the client will see.
    }
  }

  /** INFO is asked over and over, as often as it takes the disk. */
  private static boolean counts(byte[] command) {
    return !new String(command, StandardCharsets.ISO_8859_1).contains("\r\nINFO\r\n");
  }

  private static byte[] command(InputStream in) throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    int words = number(in, whole);
    for (int i = 0; i < words; i++) {
      int length = number(in, whole);
      whole.write(in.readNBytes(length + 2));
    }
    return whole.toByteArray();
  }

  /** A line of a kind and a number. */
  private static int number(InputStream in, ByteArrayOutputStream whole) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      whole.write(b);
      line.append((char) b);
    }
    whole.write('\n');
    return Integer.parseInt(line.substring(1).strip());
  }

  private void answer(Socket server, Socket client) {
    byte[] buffer = new byte[4096];
    try {
      for (int count; (count = server.getInputStream().read(buffer)) >= 0; ) {
        if (silenced != client) {
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
