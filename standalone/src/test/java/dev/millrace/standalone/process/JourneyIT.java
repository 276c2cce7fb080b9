package dev.millrace.standalone.process;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What people do in the browser, from a product to rows in a store of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JourneyIT {
  /** Enough for a preload that can be watched. */
  private static final long EVENTS = 1_000_000;

  private static final String PRODUCT =
      Orders.PRODUCT
          .replace("owner:", "tags: [shop]\n  owner:")
          .replace("version: {", "version: {description: Counts all changes of orders, ")
          .replace("total: {", "total: {description: 'What the customer pays, in euros', ")
          .replace("country: {", "country: {description: Where it is sent to, ");

  private static final Locator.WaitForOptions LONG =
      new Locator.WaitForOptions().setTimeout(180_000);

  @TempDir static Path directory;

  /** Few keys, so that the table stays one that is shown by its last writes. */
  private final Orders orders = new Orders(10_000);

  private long published;
  private PlatformProcess platform;
  private Api api;
  private Chromium chromium;

  @BeforeAll
  void start() {
    PlatformProcess.letOthersPass(directory);
    // Before the servers, so that a machine without it hears of it at once.
    chromium = Chromium.launch();
    PlaywrightAssertions.setDefaultAssertionTimeout(120_000);
    platform = PlatformProcess.start(directory.resolve("data"));
    api = new Api(platform);
    assertThat(api.postYaml("tenants/sales/products", PRODUCT).status()).isEqualTo(201);
    publishTo(EVENTS);
  }

  @AfterAll
  void stop() {
    chromium.close();
    platform.close();
  }

  @Test
  void fromAProductToRowsInAStoreOfOnesOwn() throws Exception {
    try (Visit visit = new Visit(chromium.browser(), platform, 1280, 800)) {
      openTheProduct(visit);
      filterWrongThenRight(visit);
      chooseFieldsAndStore(visit);
      reviewAndConfirm(visit);
      watchItLoad(visit);
      seeOneMoreEventArrive(visit);
      connectForReal(copiedPsql(visit));
      lookAround(visit);
      visit.wasWithoutComplaint();
    }
  }

  private void openTheProduct(Visit visit) {
    Locator product = visit.find(AriaRole.LINK, "sales/orders");
    product.waitFor();
    visit.photograph("01-products");
    product.click();
    assertThat(visit.find(AriaRole.TABLE, "Latest events").getByRole(AriaRole.ROW))
        .not()
        .hasCount(0);
    visit.photograph("02-product");
    visit.find(AriaRole.LINK, "Request data").click();
    visit.find(AriaRole.TEXTBOX, "Filter").waitFor();
    visit.photograph("03-request");
  }

  private void filterWrongThenRight(Visit visit) {
    visit.find(AriaRole.TEXTBOX, "Tenant").fill("risk");
    visit.find(AriaRole.TEXTBOX, "Name").fill("large-orders");
    Locator filter = visit.find(AriaRole.TEXTBOX, "Filter");
    Locator findings = visit.page().locator("#filter-findings");
    Locator matches = visit.page().locator("#filter-matches");

    filter.fill("event.totl >= 250.0");

    assertThat(findings).containsText("totl");
    assertThat(findings).containsText("total");
    assertThat(findings).containsText("UnknownField");
    assertThat(filter).hasAttribute("aria-invalid", "true");
    visit.photograph("04-filter-with-a-misspelt-field");

    filter.fill("event.total >= 250.0");

    assertThat(matches).containsText(Pattern.compile("matched [\\d,]+ of [\\d,]+ recent events"));
    assertThat(findings).isEmpty();
    long matched = numberIn(matches.textContent(), 0);
    assertThat(matched).isPositive().isLessThan(numberIn(matches.textContent(), 1));
    visit.photograph("05-filter-with-its-matches");
  }

  private void chooseFieldsAndStore(Visit visit) {
    visit.find(AriaRole.RADIO, "Choose fields").check();
    visit.find(AriaRole.TEXTBOX, "Column of orderId").fill("order_id");
    visit.find(AriaRole.COMBOBOX, "Type of total").fill("decimal(12,2)");
    visit.find(AriaRole.CHECKBOX, "note").uncheck();
    visit.find(AriaRole.BUTTON, "Add computed field").click();
    visit.find(AriaRole.TEXTBOX, "Expression of computed field 1").fill("event.total >= 900.0");
    visit.find(AriaRole.TEXTBOX, "Column of computed field 1").fill("is_huge");
    visit.find(AriaRole.TABLE, "Columns").scrollIntoViewIfNeeded();
    visit.photograph("06-fields-as-columns");
    visit.find(AriaRole.COMBOBOX, "Store class").selectOption("postgres-embedded");
    visit.find(AriaRole.TEXTBOX, "Table name").fill("orders");
  }

  private void reviewAndConfirm(Visit visit) {
    visit.find(AriaRole.BUTTON, "Request").click();
    Locator statements = visit.find(AriaRole.GROUP, "Statements");
    assertThat(statements).containsText("CREATE TABLE");
    assertThat(statements).containsText("numeric(12,2)");
    assertThat(statements).containsText("is_huge");
    assertThat(api.get("tenants/risk/subscriptions/large-orders").status()).isEqualTo(404);
    visit.photograph("07-review");
    visit.find(AriaRole.BUTTON, "Confirm request").click();
  }

  private void watchItLoad(Visit visit) {
    visit.phase("Preloading").waitFor(LONG);
    Locator live = visit.phase("Live");
    // A fast machine may be done before a second report.
    visit.page().getByText(Pattern.compile("^\\d+\\.\\d %")).or(live).waitFor(LONG);
    visit.photograph("08-preloading");
    live.waitFor(LONG);
    Locator ready =
        visit
            .find(AriaRole.TABLE, "Conditions")
            .getByRole(
                AriaRole.ROW,
                new Locator.GetByRoleOptions().setName(Pattern.compile("^Ready True")));
    ready.waitFor(LONG);
    assertThat(visit.find(AriaRole.PROGRESSBAR, "Progress of large-orders"))
        .hasAttribute("aria-valuetext", "history loaded");
    assertThat(visit.find(AriaRole.REGION, "What limits it"))
        .containsText(Pattern.compile("Limited by|Nothing limits it|It has just begun"));
    visit.photograph("09-live");
  }

  private void seeOneMoreEventArrive(Visit visit) {
    visit.find(AriaRole.TAB, "Rows").click();
    Locator rows = visit.find(AriaRole.TABLE, "Rows");
    assertThat(rows.getByRole(AriaRole.COLUMNHEADER))
        .hasText(new String[] {"order_id", "version", "total", "country", "is_huge"});
    long one = nextThatPasses(250);
    Locator arrived =
        rows.getByRole(
            AriaRole.CELL, new Locator.GetByRoleOptions().setName("" + one).setExact(true));
    assertThat(arrived).hasCount(0);

    publishTo(one + 1);

    assertThat(arrived).isVisible();
    Locator first = rows.getByRole(AriaRole.ROW).nth(1).getByRole(AriaRole.CELL);
    assertThat(first.nth(0)).hasText(orders.event(one).key());
    assertThat(first.nth(2)).hasText(orders.event(one).order().orElseThrow().total() + ".50");
    visit.photograph("10-rows-as-they-arrive");
  }

  private String copiedPsql(Visit visit) {
    visit.find(AriaRole.TAB, "Connect").click();
    visit.find(AriaRole.BUTTON, "Reveal password").click();
    visit.find(AriaRole.BUTTON, "Reveal").click();
    assertThat(visit.find(AriaRole.GROUP, "psql")).not().containsText("PASSWORD=PASSWORD");
    visit.photograph("11-connect");
    visit.page().context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
    visit.find(AriaRole.BUTTON, "Copy psql").click();
    assertThat(visit.page().getByText("Copied psql")).isAttached();
    return visit.clipboard();
  }

  private void connectForReal(String copied) throws Exception {
    PsqlLine psql = PsqlLine.read(copied);
    Matcher relation = Pattern.compile("from (\\S+) limit 10").matcher(psql.query());
    assertThat(relation.find()).as(psql.query()).isTrue();
    try (Connection connection = psql.connect()) {
      assertThat(count(connection, psql.query())).isEqualTo(10);
      // The event that was seen to arrive says nothing of those in other partitions.
      PlatformProcess.await(
          "all there",
          PlatformProcess.LONG,
          () ->
              versions(connection, relation.group(1))
                  .equals(orders.expected(published, total -> total >= 250)));
      assertThat(
              count(
                  connection,
                  "SELECT 1 FROM %s WHERE is_huge IS DISTINCT FROM (total >= 900)"
                      .formatted(relation.group(1))))
          .isZero();
    }
  }

  private void lookAround(Visit visit) {
    visit.find(AriaRole.TAB, "Definition").click();
    assertThat(visit.find(AriaRole.GROUP, "YAML")).containsText("event.total >= 250.0");
    visit.photograph("12-definition");
    visit.find(AriaRole.LINK, "Subscriptions").first().click();
    visit.find(AriaRole.LINK, "risk/large-orders").waitFor();
    visit.photograph("13-subscriptions");
    visit.find(AriaRole.LINK, "Stores").first().click();
    visit.find(AriaRole.TABLE, "Store classes").waitFor();
    visit.photograph("14-stores");
  }

  @Test
  void onAPhonesWidthTheKeyboardAloneRequestsData() {
    try (Visit visit = new Visit(chromium.browser(), platform, 390, 844)) {
      visit.tabTo(AriaRole.LINK, "sales/orders");
      visit.press("Enter");
      visit.tabTo(AriaRole.LINK, "Request data");
      visit.press("Enter");
      visit.tabTo(AriaRole.TEXTBOX, "Name");
      visit.type("orders-by-id");
      visit.tabTo(AriaRole.TEXTBOX, "Filter");
      visit.type("event.country == 'DE'");
      assertThat(visit.page().locator("#filter-matches")).containsText("recent events");
      visit.photograph("15-phone-request");
      visit.tabTo(AriaRole.COMBOBOX, "Store class");
      visit.type("redis-e");
      visit.tabTo(AriaRole.BUTTON, "Request");
      visit.press("Enter");
      visit.tabTo(AriaRole.BUTTON, "Confirm request");
      visit.press("Enter");
      visit.heading("orders-by-id").waitFor();
      visit.phase("Live").waitFor(LONG);
      assertThat(
              api.get("tenants/sales/subscriptions/orders-by-id").body().at("/status/store/engine"))
          .hasToString("\"Redis\"");
      visit.photograph("16-phone-live");
      visit.fitsTheWidth();
      visit.wasWithoutComplaint();
    }
  }

  @Test
  void everyPageFitsAPhoneAndWorksInTheDark() {
    declare();
    for (int width : new int[] {390, 1280}) {
      try (Visit visit = new Visit(chromium.browser(), platform, width, width == 390 ? 844 : 800)) {
        for (String theme : List.of("light", "dark")) {
          if (theme.equals("dark")) {
            visit.find(AriaRole.BUTTON, "Use the dark theme").click();
          }
          lookAtEveryPage(visit, "%d-%s".formatted(width, theme));
        }
        visit.open("/subscriptions/audit/huge-orders").phase("Live").waitFor();
        visit.photograph(width == 390 ? "17-phone-in-the-dark" : "18-in-the-dark");
        visit.wasWithoutComplaint();
      }
    }
  }

  private void lookAtEveryPage(Visit visit, String look) {
    String subscription = "/subscriptions/audit/huge-orders";
    look(visit, "/products", "sales/orders", look);
    look(visit, "/products/sales/orders", "Latest events", look);
    look(visit, "/request/sales/orders", "In what form", look);
    look(visit, "/subscriptions", "audit/huge-orders", look);
    look(visit, subscription, "Partitions", look);
    look(visit, subscription + "?tab=rows", "the last written first", look);
    look(visit, subscription + "?tab=connect", "Connect with", look);
    look(visit, subscription + "?tab=dead-letters", "No dead letters", look);
    look(visit, subscription + "?tab=definition", "Download YAML", look);
    look(visit, subscription + "?tab=journal", "Requested", look);
    look(visit, "/stores", "Store classes", look);
  }

  private void look(Visit visit, String path, String text, String look) {
    visit.open(path);
    assertThat(visit.page().getByText(text).first()).isVisible();
    visit.fitsTheWidth();
    visit.photographWhole("look-" + look + path.replaceAll("[^a-z]+", "-"));
  }

  private void declare() {
    String path = "tenants/audit/subscriptions/huge-orders";
    Api.Answer answer =
        api.putYaml(
            path,
            """
            apiVersion: millrace.dev/v1alpha1
            kind: DataSubscription
            metadata: {name: huge-orders, namespace: audit}
            spec:
              product: sales/orders
              filter: event.total >= 900.0
              store: {class: postgres-embedded}
            """);
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
    PlatformProcess.await("ready", PlatformProcess.LONG, () -> api.isTrue(path, "Ready"));
  }

  private void publishTo(long end) {
    orders.publish(platform.kafka(), "sales.orders", published, end);
    published = end;
  }

  /** The first event not yet published whose order has at least this total. */
  private long nextThatPasses(long total) {
    long i = published;
    while (orders.event(i).order().filter(order -> order.total() >= total).isEmpty()) {
      i++;
    }
    return i;
  }

  private static long numberIn(String text, int which) {
    return Pattern.compile("[\\d,]+")
        .matcher(text)
        .results()
        .skip(which)
        .mapToLong(number -> Long.parseLong(number.group().replace(",", "")))
        .findFirst()
        .orElseThrow();
  }

  private static SortedMap<String, Long> versions(Connection connection, String relation) {
    SortedMap<String, Long> rows = new TreeMap<>();
    try (ResultSet row =
        connection.createStatement().executeQuery("SELECT order_id, version FROM " + relation)) {
      while (row.next()) {
        rows.put(row.getString(1), row.getLong(2));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return rows;
  }

  private static int count(Connection connection, String query) throws SQLException {
    int rows = 0;
    try (ResultSet row = connection.createStatement().executeQuery(query)) {
      while (row.next()) {
        rows++;
      }
    }
    return rows;
  }
}
