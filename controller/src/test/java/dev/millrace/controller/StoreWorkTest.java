package dev.millrace.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.needs.check.Need;
import dev.millrace.needs.reconcile.Board;
import dev.millrace.needs.reconcile.DesiredSubscription;
import dev.millrace.stores.Engines;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.credentials.Credentials;
import dev.millrace.stores.credentials.Vault;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of a Store that a subscription brought along, when that is deleted. */
class StoreWorkTest {
  private static final ObjectKey KEY = new ObjectKey("team", "orders");

  /** What was asked of the driver and written to the board, in order. */
  private final List<String> done = new ArrayList<>();

  private final Map<String, Credentials> logins = new HashMap<>();
  private List<ObjectKey> users = List.of(KEY);
  private Optional<StoreClassSpec> offered =
      Optional.of(
          new StoreClassSpec(
              "A database", "Postgres", "Embedded", "127.0.0.1:1", null, null, null));

  @Test
  void withItsLastSubscriptionItGoes() throws Exception {
    withdraw("Delete", "Delete");

    assertThat(done).containsExactly("withdraw false", "remove", "storeForgotten");
  }

  @Test
  void whatItsSubscriptionWantsKeptNowIsKept() throws Exception {
    withdraw("Delete", "Retain");

    assertThat(done).containsExactly("withdraw true");
  }

  @Test
  void whatOthersWriteToStays() throws Exception {
    users = List.of(KEY, new ObjectKey("team", "other"));

    withdraw("Delete", "Delete");

    assertThat(done).containsExactly("withdraw false");
  }

  @Test
  void aClassThatIsNotOfferedAnyMoreIsSaidSo() {
    offered = Optional.empty();

    StoreProblem problem =
        catchThrowableOfType(StoreProblem.class, () -> withdraw("Delete", "Delete"));

    assertThat(problem.code()).isEqualTo("StoreClassMissing");
    assertThat(problem.getMessage()).contains("postgres-small");
    assertThat(done).isEmpty();
  }

  private void withdraw(String recorded, String wanted) throws StoreProblem {
    StoreSpec store = new StoreSpec("postgres-small", null, recorded);
    Board board =
        proxy(
            Board.class,
            Map.of(
                "store", args -> Optional.of(store),
                "storeUsers", args -> users,
                "storeForgotten", args -> done.add("storeForgotten")));
    StoreDriver driver =
        proxy(
            StoreDriver.class,
            Map.of(
                "engine", args -> "Postgres",
                "withdraw", args -> done.add("withdraw " + args[2]),
                "remove", args -> done.add("remove")));
    Vault vault =
        proxy(
            Vault.class,
            Map.of(
                "credentials", args -> Optional.ofNullable(logins.get(args[0])),
                "put", args -> logins.put((String) args[0], (Credentials) args[1]),
                "delete", args -> logins.remove(args[0])));
    StoreWork work =
        new StoreWork(board, new Engines(List.of(driver)), new Sites(name -> offered, vault));
    work.withdraw(
        new DesiredSubscription(KEY, "uid", 1, true, need(wanted), List.of()), Plans.of(KEY, 1));
  }

  private interface Answer {
    Object to(Object[] arguments);
  }

  private static <T> T proxy(Class<T> type, Map<String, Answer> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              Answer answer = answers.get(method.getName());
              if (answer == null) {
                throw new IllegalStateException(method + " is not expected");
              }
              Object given = answer.to(arguments);
              return method.getReturnType() == void.class ? null : given;
            }));
  }

  private static Need need(String reclaimPolicy) {
    return new Need(
        KEY,
        new ObjectKey("sales", "orders"),
        new DataProductSpec(null, null, null, null, null, null, null, null, null, null),
        Optional.empty(),
        List.of(),
        false,
        "Additive",
        "Upsert",
        new DataSubscriptionSpec.StartFrom("Beginning", null, null),
        Optional.empty(),
        KEY,
        Optional.of("postgres-small"),
        "Postgres",
        Optional.empty(),
        Optional.empty(),
        new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
        "Running",
        reclaimPolicy,
        Map.of());
  }
}
