package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.testcluster.ApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LeadershipIT {
  private static ApiServer server;

  private final List<String> told = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() {
    server = ApiServer.start();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private Leadership replica(KubernetesClient client, String namespace, String name) {
    return Leadership.race(
        client, namespace, name, () -> told.add(name + " begins"), () -> told.add(name + " ends"));
  }

  @Test
  void whoEndsWellHandsOverAtOnce() throws Exception {
    try (KubernetesClient client = server.patientClient(ApiServer.ADMIN);
        Leadership one = replica(client, "default", "one")) {
      await("one begins");
      try (Leadership other = replica(client, "default", "other")) {
        TimeUnit.SECONDS.sleep(2);
        assertThat(told).containsExactly("one begins");

        long before = System.nanoTime();
        one.close();
        await("other begins");

        assertThat(told).containsExactly("one begins", "one ends", "other begins");
        assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(5));
      }
    }
  }

  /** It cannot give it back: the other has to wait until it is over, and this one to end before. */
  @Test
  void whoIsCutOffEndsBeforeAnotherBegins() throws Exception {
    try (KubernetesClient client = server.patientClient(ApiServer.ADMIN)) {
      AtomicBoolean isCut = new AtomicBoolean();
      Interceptor cutter =
          new Interceptor() {
            @Override
            public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
              if (isCut.get()) {
                throw new KubernetesClientException("cut off");
              }
            }
          };
      try (KubernetesClient cut = server.client(ApiServer.ADMIN, cutter);
          Leadership one = replica(cut, "kube-system", "one")) {
        await("one begins");
        try (Leadership other = replica(client, "kube-system", "other")) {
          TimeUnit.SECONDS.sleep(1);
          isCut.set(true);
          await("other begins");
        }
      }
    }
    assertThat(told.subList(0, 3)).containsExactly("one begins", "one ends", "other begins");
  }

  /** Its requests are not even refused, and it has the patience of any client. */
  @Test
  void whoHearsNothingEndsBeforeAnotherBegins() throws Exception {
    AtomicBoolean isDeaf = new AtomicBoolean();
    Interceptor deafener =
        new Interceptor() {
          @Override
          public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            while (isDeaf.get()) {
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
          }
        };
    try (KubernetesClient client = server.patientClient(ApiServer.ADMIN);
        KubernetesClient deaf = server.client(ApiServer.ADMIN, deafener);
        Leadership one = replica(deaf, "kube-public", "one")) {
      await("one begins");
      try (Leadership other = replica(client, "kube-public", "other")) {
        TimeUnit.SECONDS.sleep(1);
        isDeaf.set(true);
        await("other begins");
        isDeaf.set(false);
      }
    }
    assertThat(told.subList(0, 3)).containsExactly("one begins", "one ends", "other begins");
  }

  private void await(String what) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!told.contains(what)) {
      assertThat(System.nanoTime()).as(told + ", not " + what).isLessThan(until);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
