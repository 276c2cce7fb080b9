package dev.millrace.chaos.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProxyTest {
  private static final byte[] LONG_WRITE = new byte[1000];
  private static final int PATIENCE = 60_000;

  private ServerSocket server;
  private Proxy proxy;
  private Socket client;
  private Socket accepted;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    proxy = Proxy.before(server.getLocalPort());
    client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    client.setSoTimeout(PATIENCE);
    accepted = server.accept();
    accepted.setSoTimeout(PATIENCE);
  }

  @AfterEach
  void disconnect() throws IOException {
    client.close();
    accepted.close();
    proxy.close();
    server.close();
  }

  @Test
  void aWriteIsCutInTheMiddleAndTheConnectionWithIt() throws Exception {
    CompletableFuture<Boolean> struck = CompletableFuture.supplyAsync(() -> cutMidWrite());
    awaitArmed();
    client.getOutputStream().write(LONG_WRITE);

    assertThat(accepted.getInputStream().readAllBytes()).hasSizeLessThan(LONG_WRITE.length);
    assertThat(client.getInputStream().read()).isEqualTo(-1);
    assertThat(struck.get()).isTrue();
  }

  @Test
  void theReplyToACommitIsLostAndTheCommitIsNot() throws Exception {
    CompletableFuture<Boolean> struck = CompletableFuture.supplyAsync(() -> cutReply());
    awaitArmed();
    byte[] commit = "*1\r\n$4\r\nEXEC\r\n".getBytes(StandardCharsets.US_ASCII);
    client.getOutputStream().write(commit);
    assertThat(accepted.getInputStream().readNBytes(commit.length)).isEqualTo(commit);
    accepted.getOutputStream().write("*1\r\n+OK\r\n".getBytes(StandardCharsets.US_ASCII));

    assertThat(client.getInputStream().read()).isEqualTo(-1);
    assertThat(struck.get()).isTrue();
  }

  @Test
  void whatIsStalledComesLater() throws Exception {
    proxy.stall();
    client.getOutputStream().write(7);
    while (proxy.heldBack() == 0) {
      Thread.sleep(5);
    }
    accepted.setSoTimeout(300);
    assertThatThrownBy(() -> accepted.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    assertThat(proxy.heldBack()).isEqualTo(1);

    proxy.flow();
    accepted.setSoTimeout(PATIENCE);
    assertThat(accepted.getInputStream().read()).isEqualTo(7);
  }

  @Test
  void whatIsStalledWhenTheProxyClosesIsLost() throws Exception {
    proxy.stall();
    client.getOutputStream().write(7);
    while (proxy.heldBack() == 0) {
      Thread.sleep(5);
    }

    proxy.close();
    proxy.flow();
    assertThat(accepted.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void anotherServerTakesThePlaceAndOldConnectionsEnd() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      other.setSoTimeout(5000);
      proxy.redirect(other.getLocalPort());
      assertThat(client.getInputStream().read()).isEqualTo(-1);

      try (Socket again = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
          Socket there = other.accept()) {
        again.getOutputStream().write(9);
        assertThat(there.getInputStream().read()).isEqualTo(9);
      }
    }
  }

  @Test
  void nothingToCutIsSaid() throws Exception {
    assertThat(proxy.cutMidWrite(50)).isFalse();
  }

  private boolean cutMidWrite() {
    try {
      return proxy.cutMidWrite(PATIENCE);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean cutReply() {
    try {
      return proxy.cutReplyToCommit(PATIENCE);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitArmed() throws InterruptedException {
    while (!proxy.isArmed()) {
      Thread.sleep(5);
    }
  }
}
