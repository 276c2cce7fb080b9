package dev.millrace.provisioner;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** The way to a server. While it is shut, connections are still taken, and no byte passes. */
final class Valve implements AutoCloseable {
  private final ServerSocket entry;
  private final int server;
  private boolean shut;

  Valve(int server) throws IOException {
    this.entry = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    this.server = server;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return entry.getLocalPort();
  }

  synchronized void shut() {
    shut = true;
  }

  /** What was held back passes, even if who sent it has hung up meanwhile. */
  synchronized void open() {
    shut = false;
    notifyAll();
  }

  private synchronized void awaitOpen() throws InterruptedException {
    while (shut) {
      wait();
    }
  }

  private void accept() {
    while (!entry.isClosed()) {
      try {
        Socket client = entry.accept();
        Socket there = new Socket(InetAddress.getLoopbackAddress(), server);
        Thread.ofVirtual().start(() -> pass(client, there));
        Thread.ofVirtual().start(() -> pass(there, client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void pass(Socket from, Socket to) {
    try (from;
        to) {
      byte[] bytes = new byte[1 << 16];
      for (int length = from.getInputStream().read(bytes);
          length >= 0;
          length = from.getInputStream().read(bytes)) {
        awaitOpen();
        to.getOutputStream().write(bytes, 0, length);
      }
    } catch (IOException | InterruptedException ended) {
      return;
    }
  }

  @Override
  public void close() throws IOException {
    entry.close();
  }
}
