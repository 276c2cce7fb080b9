package dev.millrace.stores.network;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** To a Postgres; a request is a statement. */
public final class StatementProxy extends RequestProxy {
  private static final int FIRST_WORDS = 4;

  private volatile @Nullable Socket silenced;

  public StatementProxy(int server) throws IOException {
    super(server);
  }

  /** Turn by turn, for a client of Postgres waits for an answer to each statement. */
  @Override
  void serve(Socket client, Socket behind) throws IOException, InterruptedException {
    DataInputStream asked = new DataInputStream(client.getInputStream());
    Thread answering = Thread.ofVirtual().start(() -> answer(behind, client));
    behind.getOutputStream().write(message(asked, new byte[0]));
    String statement = "one that was prepared";
    while (!client.isClosed()) {
      byte[] message = message(asked, new byte[] {asked.readByte()});
      if (message[0] == 'P') {
        statement = words(text(message, text(message, 5).length() + 6));
      } else if (message[0] == 'Q') {
        statement = words(text(message, 5));
      }
      boolean last = (message[0] == 'S' || message[0] == 'Q') && isLast(statement);
      if (last) {
        silenced = client;
      }
      behind.getOutputStream().write(message);
      if (last) {
        answering.join();
        broken();
        return;
      }
    }
  }

  /** Up to the zero that ends it. */
  private static String text(byte[] message, int start) {
    int end = start;
    while (message[end] != 0) {
      end++;
    }
    return new String(message, start, end - start, StandardCharsets.UTF_8);
  }

  /** Further behind there may be a password. */
  private static String words(String statement) {
    return Arrays.stream(statement.strip().split("\\s+"))
        .limit(FIRST_WORDS)
        .collect(Collectors.joining(" "));
  }

  private static byte[] message(DataInputStream in, byte[] type) throws IOException {
    int length = in.readInt();
    byte[] whole = new byte[type.length + length];
    System.arraycopy(type, 0, whole, 0, type.length);
    ByteBuffer.wrap(whole).putInt(type.length, length);
    in.readFully(whole, type.length + 4, length - 4);
    return whole;
  }

  private void answer(Socket behind, Socket client) {
    try {
      DataInputStream answers = new DataInputStream(behind.getInputStream());
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
}
