package dev.millrace.catalog.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.HostAndPort;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostsTest {
  private static final Hosts HOSTS =
      new Hosts(List.of("fd00::17", "millrace.example.com", "only.example.com:8443"));

  private static boolean admits(String authority) {
    return HOSTS.admit(HostAndPort.parseAuthority(authority, -1), 8081);
  }

  @Test
  void aConfiguredNameIsAdmittedAtAnyPortThatItDoesNotName() {
    assertThat(admits("millrace.example.com")).isTrue();
    assertThat(admits("Millrace.example.com:9000")).isTrue();
    assertThat(admits("only.example.com:8443")).isTrue();
    assertThat(admits("only.example.com:9000")).isFalse();
    assertThat(admits("other.example.com")).isFalse();
  }

  @Test
  void anAddressIsAdmittedAsItStandsBesideAPort() {
    assertThat(admits("[fd00::17]:8081")).isTrue();
    assertThat(admits("[fd00::18]:8081")).isFalse();
  }

  @Test
  void theLoopbackIsAdmittedAtTheServersOwnPort() {
    assertThat(admits("localhost:8081")).isTrue();
    assertThat(admits("[::1]:8081")).isTrue();
    assertThat(admits("localhost:9090")).isFalse();
  }
}
