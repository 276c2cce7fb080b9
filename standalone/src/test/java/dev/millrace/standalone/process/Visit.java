package dev.millrace.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One person's window on the platform: a fresh profile, signed in. Keeps what the page complains
 * about, which is nothing in a good visit.
 */
final class Visit implements AutoCloseable {
  private static final int PHOTO_LIMIT = 150_000;
  private static final Path LOOKS = Path.of("target", "screenshots");
  private static final int TABS_AT_MOST = 120;
  private static final double PATIENCE_MILLIS = 120_000;

  private final PlatformProcess platform;
  private final BrowserContext context;
  private final Page page;
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  Visit(Browser browser, PlatformProcess platform, int width, int height) {
    this.platform = platform;
    this.context =
        browser.newContext(new NewContextOptions().setViewportSize(width, height).setLocale("en"));
    context.setDefaultTimeout(PATIENCE_MILLIS);
    context.setDefaultNavigationTimeout(PATIENCE_MILLIS);
    this.page = context.newPage();
    page.addInitScript(
        "document.addEventListener('securitypolicyviolation', event =>"
            + " console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))");
    page.onConsoleMessage(this::note);
    page.onPageError(complaints::add);
    page.onResponse(this::note);
    page.navigate(platform.url() + "/#token=" + platform.token());
    heading("Products").waitFor();
  }

  private void note(ConsoleMessage message) {
    // An answer is noted below, with its address.
    if (message.type().equals("error")
        && !message.text().startsWith("Failed to load resource: the server responded")) {
      complaints.add(message.text());
    }
  }

  /** A filter that is refused while it is typed is the one refusal that belongs to a good visit. */
  private void note(Response response) {
    if (response.status() >= 400
        && !(response.status() == 422 && response.url().endsWith("/preview"))) {
      complaints.add(response.status() + " " + response.url());
    }
  }

  Page page() {
    return page;
  }

  /** The browser's clipboard; a person would paste. */
  String clipboard() {
    context.grantPermissions(List.of("clipboard-read", "clipboard-write"));
    return (String) page.evaluate("navigator.clipboard.readText()");
  }

  Visit open(String path) {
    page.navigate(platform.url() + path);
    return this;
  }

  Locator heading(String name) {
    return page.getByRole(
        AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setExact(true).setLevel(1));
  }

  Locator find(AriaRole role, String name) {
    return page.getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  /** The word beside the heading. */
  Locator phase(String phase) {
    return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1))
        .locator("xpath=..")
        .getByText(phase, new Locator.GetByTextOptions().setExact(true));
  }

  /** Presses Tab until the element has the focus, as who has no mouse does. */
  void tabTo(AriaRole role, String name) {
    Locator wanted = find(role, name);
    wanted.waitFor();
    for (int tabs = 0; tabs < TABS_AT_MOST; tabs++) {
      page.keyboard().press("Tab");
      if ((Boolean) wanted.evaluate("element => element.getRootNode().activeElement === element")) {
        return;
      }
    }
    throw new AssertionError("Tab never came to the " + role + " '" + name + "'");
  }

  void type(String text) {
    page.keyboard().type(text);
  }

  void press(String key) {
    page.keyboard().press(key);
  }

  /** For the docs, with {@code -Dmillrace.docs.write=true}. */
  void photograph(String name) {
    Path folder =
        Boolean.getBoolean("millrace.docs.write") ? Path.of("..", "docs", "screenshots") : LOOKS;
    Path file = folder.resolve(name + ".png");
    page.screenshot(new Page.ScreenshotOptions().setPath(file));
    try {
      assertThat(Files.size(file)).as("bytes of %s", file).isLessThanOrEqualTo(PHOTO_LIMIT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For who works on the UI: the whole page, where the next build forgets it. */
  void photographWhole(String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(LOOKS.resolve(name + ".png")).setFullPage(true));
  }

  /** Nothing may be wider than the window. */
  void fitsTheWidth() {
    assertThat(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
        .as("pixels by which %s scrolls sideways", page.url())
        .isEqualTo(0);
  }

  void wasWithoutComplaint() {
    assertThat(complaints).isEmpty();
  }

  @Override
  public void close() {
    context.close();
  }
}
