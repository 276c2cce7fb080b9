package dev.millrace.stores.postgres;

import dev.millrace.stores.StoreSite;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network that breaks at a given statement of a client, after the server has done it and before
 * the client hears of that.
 */
final class StatementProxy implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
  private volatile boolean cut;
  private volatile Socket silenced;

  StatementProxy() throws IOException {
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
   * @param statement the first is 1
   */
  void cutAt(int statement) {
    cut = false;
    left.set(statement);
  }

  /** From here on all goes through. */
  boolean mend() {
    left.set(Integer.MAX_VALUE);
    return cut;
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

  /** Turn by turn, for a client of Postgres waits for an answer to each statement. */
  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), TestServer.PORT)) {
      // A statement comes in several messages, each of which would wait for the one before.
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      DataInputStream asked = new DataInputStream(client.getInputStream());
      Thread answering = Thread.ofVirtual().start(() -> answer(server, client));
      server.getOutputStream().write(message(asked, new byte[0]));
      while (!client.isClosed()) {
        byte[] message = message(asked, new byte[] {asked.readByte()});
        boolean ends = (message[0] == 'S' || message[0] == 'Q') && left.decrementAndGet() == 0;
        if (ends) {
          cut = true;
          silenced = client;
        }
        server.getOutputStream().write(message);
        if (ends) {
          answering.join();
          return;
        }
      }
    } catch (IOException | InterruptedException broken) {
      // As the client will see.
    }
  }

  private static byte[] message(DataInputStream in, byte[] type) throws IOException {
    int length = in.readInt();
    byte[] whole = new byte[type.length + length];
    System.arraycopy(type, 0, whole, 0, type.length);
    ByteBuffer.wrap(whole).putInt(type.length, length);
    in.readFully(whole, type.length + 4, length - 4);
    return whole;
  }

  private void answer(Socket server, Socket client) {
    try {
      DataInputStream answers = new DataInputStream(server.getInputStream());
      OutputStream out = client.getOutputStream();
      while (true) {
        byte[] message = message(answers, new byte[] {answers.readByte()});
        if (silenced != client) {
          out.write(message);
        } else if (message[0] == 'Z') {
          return;
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
