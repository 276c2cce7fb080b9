package dev.millrace.stores.redis;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Commands in the bytes of RESP before there is a connection for them; they can be sent again. */
record EncodedCommands(List<byte[]> parts, int commands) {

  interface Writing {
    void to(Requests requests) throws IOException;
  }

  static EncodedCommands of(Writing writing) {
    Parts parts = new Parts();
    Requests requests = Requests.to(parts);
    try {
      writing.to(requests);
      requests.flush();
    } catch (IOException neverInMemory) {
      throw new UncheckedIOException(neverInMemory);
    }
    return new EncodedCommands(parts.all, requests.commands());
  }

  private static final class Parts extends OutputStream {
    private final List<byte[]> all = new ArrayList<>();

    @Override
    public void write(byte[] bytes, int offset, int length) {
      all.add(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    @Override
    public void write(int one) {
      all.add(new byte[] {(byte) one});
    }
  }
}
