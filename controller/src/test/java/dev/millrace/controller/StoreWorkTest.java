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
import dev.millrace.needs.reconcile.Due;
import dev.millrace.needs.reconcile.Fault;
import dev.millrace.stores.Engines;
import dev.millrace.stores.Reader;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
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
  private static final ObjectKey OTHER = new ObjectKey("team", "other");
  private static final Optional<String> MADE_AT = Optional.of("127.0.0.1:1");

  /** What was asked of the driver and written to the board, in order. */
  private final List<String> done = new ArrayList<>();

  private static final Credentials WRITER = new Credentials("writer", "of then");
  private static final Fault DOWN = new Fault("StoreUnavailable", "it is down", "Wait.", true);

  private final Map<String, Credentials> logins =
      new HashMap<>(Map.of("admin/postgres", new Credentials("admin", "its password")));
  private List<ObjectKey> users = List.of(KEY);
  private Optional<StoreSpec> store = Optional.of(spec("Delete"));
  private PipelinePlan plan = Plans.of(KEY, 1);
  private Optional<Due> before = Optional.empty();
  private boolean again;
  private boolean kept;
  private boolean goesWithLast;
  private boolean removed;

  /** Of whoever has the name now. */
  private String uid = "uid";

  /** It uses a Store that was declared by itself. */
  private boolean named;

  /** It has its server for itself. */
  private boolean own;

  private boolean up;

  private boolean written = true;
  private final List<ObjectKey> retained = new ArrayList<>();
  private final List<Due> dues = new ArrayList<>();
  private final List<StoreSite> sites = new ArrayList<>();
  private Optional<StoreClassSpec> offered =
      Optional.of(
          new StoreClassSpec(
              "A database", "Postgres", "Embedded", "127.0.0.1:1", null, null, null, null, null));

  @Test
  void withItsLastSubscriptionItGoes() throws Exception {
    withdraw("Delete", "Delete");

    assertThat(done).containsExactly("withdraw false", "remove", "storeForgotten");
  }

  @Test
  void whatItsSubscriptionWantsKeptNowIsKept() throws Exception {
    withdraw("Delete", "Retain");

    assertThat(done).containsExactly("withdraw true");
    assertThat(retained).as("nobody's deletion takes them later").containsExactly(KEY);
  }

  @Test
  void whatIsOwedAndToBeKeptIsRemembered() {
    assertThat(work().owes(desired("Retain"), plan, DOWN)).isTrue();

    assertThat(retained).containsExactly(KEY);
    assertThat(done).containsExactly("owes StoreUnavailable");
  }

  @Test
  void aStoreThatNoSubscriptionBroughtStays() throws Exception {
    named = true;

    withdraw("Delete", "Delete");

    assertThat(done).containsExactly("withdraw false");
  }

  /** Which may never have come up; with it goes all that is there. */
  @Test
  void aServerOfItsOwnIsNotAskedWhenItIsToGo() throws Exception {
    own = true;

    withdraw("Delete", "Delete");
    users = List.of();
    assertThat(work().remove(KEY, MADE_AT)).isTrue();

    assertThat(done).containsExactly("storeForgotten", "storeForgotten");
  }

  @Test
  void aServerOfItsOwnThatStaysIsCleaned() throws Exception {
    own = true;
    withdraw("Delete", "Retain");
    users = List.of(KEY, OTHER);
    withdraw("Delete", "Delete");

    assertThat(done).containsExactly("withdraw true", "withdraw false");
    assertThat(retained).containsExactly(KEY);
  }

  /** Its volume went with the server; one that is retained is cleaned when it is there again. */
  @Test
  void whatWasDueOnAServerThatHasGoneIsPaid() throws Exception {
    own = true;
    offered = at("host:1");
    store = Optional.empty();

    work().pay(owed(false), WRITER);
    assertThat(done).containsExactly("withdraw false");

    logins.clear();
    work().pay(owed(false), WRITER);
    assertThat(done).containsExactly("withdraw false");
  }

  /** Somebody may have made a login up for a Store, and crashed before that came to be. */
  @Test
  void aLoginForAStoreThatNeverWasGoesWithWhoeverWantedIt() {
    logins.put("writer/team/orders", WRITER);
    work().forgetUnmade(desired("Delete"));
    assertThat(logins).as("its Store is there").containsKey("writer/team/orders");

    store = Optional.empty();
    users = List.of(KEY, OTHER);
    work().forgetUnmade(desired("Delete"));
    assertThat(logins).as("another wants it, too").containsKey("writer/team/orders");

    users = List.of(KEY);
    work().forgetUnmade(desired("Delete"));
    assertThat(logins).doesNotContainKey("writer/team/orders");
  }

  /** The Store is there by then, so that its server is made; and it is asked when it answers. */
  @Test
  void aServerOfItsOwnIsWaitedFor() throws Exception {
    own = true;
    logins.clear();

    StoreProblem problem =
        catchThrowableOfType(
            StoreProblem.class, () -> work().provision(desired("Delete"), plan, new Reader.None()));

    assertThat(problem.code()).isEqualTo("StoreStarting");
    assertThat(done).containsExactly("placedStore");
    assertThat(logins).as("made with the server").doesNotContainKey("admin/postgres");

    up = true;
    work().provision(desired("Delete"), plan, new Reader.None());
    assertThat(done)
        .containsExactly("placedStore", "placedStore", "prepare", "provision", "reportStore");
  }

  @Test
  void oneThatIsBeingDeletedGoesWithItsLast() throws Exception {
    named = true;
    goesWithLast = true;

    withdraw("Delete", "Delete");

    assertThat(done).containsExactly("withdraw false", "remove", "storeForgotten");
  }

  @Test
  void oneThatNobodyUsesGoesAloneAndNoLoginIsMadeUp() throws Exception {
    users = List.of();

    assertThat(work().remove(KEY, MADE_AT)).isTrue();

    assertThat(done).containsExactly("remove", "storeForgotten");
    assertThat(sites.get(0).writer().username()).startsWith("team_orders_writer");
    assertThat(logins).containsOnlyKeys("admin/postgres");
  }

  @Test
  void oneThatWasMadeElsewhereIsNotLookedForWhereItsClassIsNow() {
    users = List.of();

    StoreProblem problem =
        catchThrowableOfType(StoreProblem.class, () -> work().remove(KEY, Optional.of("before:1")));

    assertThat(problem.code()).isEqualTo("StoreClassMissing");
    assertThat(problem.getMessage()).contains("before:1", "127.0.0.1:1");
    assertThat(done).isEmpty();
  }

  @Test
  void oneInWhichSomethingIsToStayDoesNot() throws Exception {
    users = List.of();
    kept = true;
    assertThat(work().remove(KEY, MADE_AT)).isTrue();
    kept = false;
    store = Optional.of(spec("Retain"));
    assertThat(work().remove(KEY, MADE_AT)).isTrue();
    store =
        Optional.of(
            new StoreSpec(
                null,
                new StoreSpec.External("Postgres", "host", 1, "db", null, null, null),
                "Delete"));
    assertThat(work().remove(KEY, MADE_AT)).isTrue();
    store = Optional.of(spec("Delete"));
    assertThat(work().remove(KEY, Optional.empty())).as("never was made").isTrue();

    assertThat(done).containsOnly("storeForgotten");
  }

  @Test
  void oneThatSomebodyHasComeToMayNotGo() throws Exception {
    assertThat(work().remove(KEY, MADE_AT)).isFalse();

    assertThat(done).isEmpty();
  }

  @Test
  void oneThatWasRemovedIsRemovedOnceWhoeverComesNow() throws Exception {
    removed = true;

    assertThat(work().remove(KEY, MADE_AT)).isTrue();
    StoreProblem problem =
        catchThrowableOfType(
            StoreProblem.class, () -> work().provision(desired("Delete"), plan, new Reader.None()));

    assertThat(done).isEmpty();
    assertThat(problem.code()).isEqualTo("UnknownStore");
    assertThat(problem.passing()).isTrue();
  }

  @Test
  void whereItWillBeIsWrittenDownBeforeAnythingIsMade() throws Exception {
    work().provision(desired("Delete"), plan, new Reader.None());

    assertThat(done).containsExactly("placedStore", "prepare", "provision", "reportStore");
  }

  @Test
  void ofTwoThatGoAtOnceTheSecondTakesTheStoreWithIt() throws Exception {
    users = List.of(KEY, OTHER);
    StoreWork work = work();

    work.withdraw(desired("Delete"), plan);
    work.withdraw(desired(OTHER, "Delete"), plan);

    assertThat(done)
        .as("though the board still has the first")
        .containsExactly("withdraw false", "withdraw false", "remove", "storeForgotten");
  }

  @Test
  void oneThatWasMadeAnewUnderTheNameOfOneThatWentIsAnother() throws Exception {
    users = List.of(KEY, OTHER);
    StoreWork work = work();

    work.withdraw(desired("Delete"), plan);
    uid = "of another";
    work.withdraw(desired(OTHER, "Delete"), plan);

    assertThat(done).containsExactly("withdraw false", "withdraw false");
  }

  @Test
  void whatIsWrittenDownOfOneIsNotWaitedForByTheLast() throws Exception {
    users = List.of(KEY, OTHER);
    StoreWork work = work();

    work.owes(desired("Delete"), plan, DOWN);
    work.withdraw(desired(OTHER, "Delete"), plan);

    assertThat(done)
        .containsExactly("owes StoreUnavailable", "withdraw false", "remove", "storeForgotten");
  }

  @Test
  void whatOthersWriteToStays() throws Exception {
    users = List.of(KEY, OTHER);

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

  @Test
  void rowsThatAreStillToBeLeftKeepTheStore() throws Exception {
    kept = true;

    withdraw("Delete", "Delete");

    assertThat(done).containsExactly("withdraw false");
  }

  @Test
  void anAdminWhoseLoginIsMissingIsSaidAndNotDoneWithout() {
    logins.remove("admin/postgres");

    StoreProblem problem =
        catchThrowableOfType(StoreProblem.class, () -> withdraw("Delete", "Delete"));

    assertThat(problem.code()).isEqualTo("PermissionMissing");
    assertThat(done).isEmpty();
  }

  @Test
  void whatCannotBeCleanedIsWrittenDownAndThenTheStoreGoes() {
    assertThat(work().owes(desired("Delete"), plan, DOWN)).isTrue();

    assertThat(done).containsExactly("owes StoreUnavailable", "storeForgotten");
    assertThat(dues).containsExactly(new Due(plan, false, spec("Delete"), true));
  }

  @Test
  void whatIsNotWrittenDownYetChangesNothing() {
    written = false;

    assertThat(work().owes(desired("Delete"), plan, DOWN)).isFalse();

    assertThat(done).containsExactly("owes StoreUnavailable");
  }

  @Test
  void whatIsOwedIsDoneAtTheAddressOfThePlanByTheLoginOfThen() throws Exception {
    offered = at("host:1");
    store = Optional.empty();

    work().pay(owed(true), WRITER);

    assertThat(done).containsExactly("withdraw false", "remove");
    assertThat(sites)
        .allSatisfy(site -> {
          assertThat(site.host() + ":" + site.port() + "/" + site.database())
              .isEqualTo("host:1/db");
          assertThat(site.writer()).isEqualTo(WRITER);
          assertThat(site.admin()).hasValue(logins.get("admin/postgres"));
        });
  }

  @Test
  void aStoreThatIsThereAgainKeepsItsPartOfTheServer() throws Exception {
    offered = at("host:1");
    again = true;

    work().pay(owed(true), WRITER);

    assertThat(done).containsExactly("withdraw false");
  }

  @Test
  void whoWritesThereAgainKeepsHisLoginWhateverElseIsOther() throws Exception {
    plan = Plans.of(KEY, 1, "host", Sites.databaseName(KEY));
    offered = at("host:1");
    store = Optional.of(spec("Retain"));
    again = true;
    logins.put("writer/" + KEY, new Credentials("writer", "of now"));

    work().pay(owed(true), WRITER);

    assertThat(sites.get(0).writer().password()).isEqualTo("of now");
  }

  @Test
  void whoWritesElsewhereNowIsNotTold() throws Exception {
    offered = at("host:1");
    store =
        Optional.of(
            new StoreSpec(
                "brought",
                new StoreSpec.External("Postgres", "elsewhere", 1, "db", null, null, null),
                "Delete"));
    again = true;
    logins.put("writer/" + KEY, new Credentials("writer", "of now"));

    work().pay(owed(true), WRITER);

    assertThat(sites.get(0).writer()).isEqualTo(WRITER);
  }

  @Test
  void whatWasWrittenDownBeforeCounts() {
    before = Optional.of(owed(false));

    assertThat(work().owes(desired("Delete"), plan, DOWN)).isTrue();

    assertThat(done).as("its Store stays").containsExactly("owes StoreUnavailable");
  }

  @Test
  void aClassThatHasGoneIsWaitedFor() {
    offered = Optional.empty();
    store = Optional.empty();

    StoreProblem problem =
        catchThrowableOfType(StoreProblem.class, () -> work().pay(owed(true), WRITER));

    assertThat(problem.code()).isEqualTo("StoreClassMissing");
    assertThat(done).isEmpty();
  }

  @Test
  void aClassThatIsElsewhereNowIsNotAsked() {
    offered = at("elsewhere:1");
    store = Optional.empty();

    StoreProblem problem =
        catchThrowableOfType(StoreProblem.class, () -> work().pay(owed(true), WRITER));

    assertThat(problem.code()).isEqualTo("StoreClassMissing");
    assertThat(problem.getMessage()).contains("host:1", "elsewhere:1");
    assertThat(done).isEmpty();
  }

  private static Optional<StoreClassSpec> at(String server) {
    return Optional.of(
        new StoreClassSpec(
            "A database", "Postgres", "Embedded", server, null, null, null, null, null));
  }

  private static StoreSpec spec(String reclaimPolicy) {
    return new StoreSpec("postgres-small", null, reclaimPolicy);
  }

  private Due owed(boolean removeStore) {
    return new Due(plan, false, spec("Delete"), removeStore);
  }

  private void withdraw(String recorded, String wanted) throws StoreProblem {
    store = Optional.of(spec(recorded));
    work().withdraw(desired(wanted), plan);
  }

  private DesiredSubscription desired(String wanted) {
    return desired(KEY, wanted);
  }

  private DesiredSubscription desired(ObjectKey key, String wanted) {
    return new DesiredSubscription(key, "uid", 1, true, need(wanted), List.of());
  }

  private boolean forgotten(Runnable logins) {
    logins.run();
    return done.add("storeForgotten");
  }

  private StoreWork work() {
    Board board =
        proxy(
            Board.class,
            Map.ofEntries(
                entry("store", args -> store),
                entry("uid", args -> Optional.of(uid)),
                entry("storeUsers", args -> users),
                entry("isKept", args -> kept),
                entry("isRemoved", args -> removed),
                entry("isThereAgain", args -> again),
                entry("goesWithLast", args -> goesWithLast || (boolean) args[1]),
                entry("retains", args -> retained.add((ObjectKey) args[0])),
                entry("owes", args -> written(args)),
                entry("placedStore", args -> done.add("placedStore")),
                entry("reportStore", args -> done.add("reportStore")),
                entry("storeForgotten", args -> forgotten((Runnable) args[1]))));
    StoreDriver driver =
        proxy(
            StoreDriver.class,
            Map.of(
                "engine", args -> "Postgres",
                "prepare", args -> done.add("prepare"),
                "provision", args -> done.add("provision"),
                "withdraw", args -> asked("withdraw " + args[2], args),
                "remove", args -> asked("remove", args)));
    Vault vault =
        proxy(
            Vault.class,
            Map.of(
                "credentials", args -> Optional.ofNullable(logins.get(args[0])),
                "put", args -> logins.put((String) args[0], (Credentials) args[1]),
                "delete", args -> logins.remove(args[0])));
    return new StoreWork(board, new Engines(List.of(driver)), new Sites(new Offered(), vault));
  }

  private final class Offered implements Offers {
    @Override
    public Optional<StoreClassSpec> find(String name) {
      return offered;
    }

    @Override
    public boolean hasOwnServer(ObjectKey store, String storeClass) {
      return own;
    }

    @Override
    public void checkIsUp(ObjectKey store) throws StoreProblem {
      if (!up) {
        throw new StoreProblem("StoreStarting", "not yet", "Wait.", true);
      }
    }
  }

  private static Map.Entry<String, Answer> entry(String method, Answer answer) {
    return Map.entry(method, answer);
  }

  private boolean asked(String what, Object[] arguments) {
    sites.add((StoreSite) arguments[0]);
    return done.add(what);
  }

  private Optional<Due> written(Object[] arguments) {
    Due due = (Due) arguments[1];
    dues.add(due);
    done.add("owes " + ((Fault) arguments[2]).code());
    return before.or(() -> written ? Optional.of(due) : Optional.empty());
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

  private Need need(String reclaimPolicy) {
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
        named ? Optional.empty() : Optional.of("postgres-small"),
        "Postgres",
        Optional.empty(),
        Optional.empty(),
        new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
        "Running",
        reclaimPolicy,
        Map.of());
  }
}
