package dev.millrace.catalog.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.status.Condition;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.catalog.Api;
import dev.millrace.catalog.Api.Reply;
import dev.millrace.catalog.CatalogTest;
import dev.millrace.catalog.Samples;
import dev.millrace.needs.reconcile.Board;
import dev.millrace.needs.reconcile.DesiredSubscription;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

@CatalogTest
class BoardTest {
  @Inject Board board;

  @Test
  void aControllerSeesTheNeedWithItsDefaults() {
    String path = Samples.subscribed(Samples.orders());

    DesiredSubscription desired = board.subscription(key(path)).orElseThrow();

    assertThat(desired.generation()).isEqualTo(1);
    assertThat(desired.deleting()).isFalse();
    assertThat(desired.need().mode()).isEqualTo("Upsert");
    assertThat(desired.need().columns()).hasSize(4);
    assertThat(desired.need().engine()).isEqualTo("Postgres");
    assertThat(board.subscriptions()).contains(key(path));
    assertThat(board.subscription(new ObjectKey("no", "one"))).isEmpty();
  }

  @Test
  void aWatcherHearsOfTheSubscriptionAndOfItsProduct() throws Exception {
    String product = Samples.orders();
    List<ObjectKey> heard = new CopyOnWriteArrayList<>();
    try (AutoCloseable watch = board.watch(heard::add)) {
      String path = Samples.subscribed(product);
      String productPath = "/tenants/sales/products/" + product;
      Api.ADA.put(productPath, Api.ADA.get(productPath).text().replace("of the shop", "of all"));
      Api.ADA.delete(path);

      assertThat(heard).containsExactly(key(path), key(path), key(path));
    }
    Samples.subscribed(product);
    assertThat(heard).hasSize(3);
  }

  @Test
  void aProductThatGrowsChangesTheNeed() {
    String product = Samples.orders();
    String path = Samples.subscribed(product);
    int before = board.subscription(key(path)).orElseThrow().need().columns().size();
    String productPath = "/tenants/sales/products/" + product;

    Api.ADA.put(
        productPath,
        Api.ADA
            .get(productPath)
            .text()
            .replace("\"country\":{", "\"city\":{\"type\":\"string\"},\"country\":{"));

    assertThat(board.subscription(key(path)).orElseThrow().need().columns()).hasSize(before + 1);
  }

  @Test
  void aSchemaThatANeedDoesNotGoWithIsToldAndTheNeedOfBeforeStays() {
    String product = Samples.orders();
    String path = Samples.subscribed(product);
    DesiredSubscription before = board.subscription(key(path)).orElseThrow();
    String productPath = "/tenants/sales/products/" + product;
    String was = Api.ADA.get(productPath).text();

    Reply broken =
        Api.ADA.put(
            productPath,
            was.replace("\"total\":{\"type\":\"number\"", "\"total\":{\"type\":\"string\"")
                .replace("\"key\":", "\"compatibility\":\"None\",\"key\":"));

    assertThat(broken.status()).as(broken.text()).isEqualTo(200);
    DesiredSubscription after = board.subscription(key(path)).orElseThrow();
    assertThat(after.misfits()).extracting(Finding::pointer).containsExactly("/spec/filter");
    assertThat(after.need()).isEqualTo(before.need());

    Api.ADA.put(productPath, was.replace("\"key\":", "\"compatibility\":\"None\",\"key\":"));
    assertThat(board.subscription(key(path)).orElseThrow().misfits()).isEmpty();
  }

  @Test
  void aReportIsShownAndKept() {
    String path = Samples.subscribed(Samples.orders());
    SubscriptionStatus status =
        new SubscriptionStatus(
            "Live",
            1L,
            List.of(new Condition("Ready", "True", "HistoryProven", "all", 1, Instant.EPOCH)),
            new SubscriptionStatus.BoundStore("s", "Postgres", "h:1/d", "public.t"),
            null,
            null,
            null,
            null,
            null);

    board.report(key(path), status);

    assertThat(board.reported(key(path))).contains(status);
    assertThat(Api.ADA.get(path).json().at("/status/conditions/0/reason").asText())
        .isEqualTo("HistoryProven");
    assertThat(Api.ADA.get(path).json().at("/status/store/relation").asText())
        .isEqualTo("public.t");
  }

  private static ObjectKey key(String path) {
    return new ObjectKey("risk", path.substring(path.lastIndexOf('/') + 1));
  }
}
