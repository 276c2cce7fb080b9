package dev.millrace.stores.network;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** To a Redis; a request is a command. */
public final class CommandProxy extends RequestProxy {
  private volatile @Nullable Socket silenced;

  public CommandProxy(int server) throws IOException {
    super(server);
  }

  @Override
  void serve(Socket client, Socket behind) throws IOException {
    InputStream asked = new BufferedInputStream(client.getInputStream());
    Thread.ofVirtual().start(() -> answer(behind, client));
    while (true) {
      byte[] command = command(asked);
      String name = name(command);
      // INFO is asked over and over, as often as it takes the disk.
      boolean last = !name.equals("INFO") && isLast(name);
      if (last) {
        silenced = client;
      }
      behind.getOutputStream().write(command);
      if (last) {
        // It closes too when it has done what it got.
        behind.shutdownOutput();
        behind.getInputStream().transferTo(OutputStream.nullOutputStream());
        broken();
        return;
      }
    }
  }

  /** Its first word: behind it there may be a password. */
  private static String name(byte[] command) {
    return new String(command, StandardCharsets.ISO_8859_1).split("\r\n", 4)[2];
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

  private void answer(Socket behind, Socket client) {
    byte[] buffer = new byte[4096];
    try {
      for (int count; (count = behind.getInputStream().read(buffer)) >= 0; ) {
        if (silenced != client) {
          client.getOutputStream().write(buffer, 0, count);
        }
      }
    } catch (IOException broken) {
      // As the client will see.
    }
  }
}
