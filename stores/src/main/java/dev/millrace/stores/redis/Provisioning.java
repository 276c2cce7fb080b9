package dev.millrace.stores.redis;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Reader;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.util.Objects;

/** Makes a key space: claim, look for strangers' keys, reader, cursors. */
final class Provisioning {
  private final StoreSite site;
  private final PipelinePlan plan;
  private final Credentials manager;
  private final Reader reader;
  private final String prefix;

  private Provisioning(StoreSite site, PipelinePlan plan, Credentials manager, Reader reader) {
    this.site = site;
    this.plan = plan;
    this.manager = manager;
    this.reader = reader;
    this.prefix = Objects.requireNonNull(plan.target().keys()).prefix();
  }

  static Provisioning of(StoreSite site, PipelinePlan plan, Credentials manager, Reader reader) {
    return new Provisioning(site, plan, manager, reader);
  }

  void run() throws StoreProblem {
    try (Connection connection = Connection.open(site, manager);
        Prefixes prefixes = Prefixes.open(site, manager)) {
      if (site.admin().isEmpty()) {
        new ServerCheck(connection).writer(prefix);
      }
      Claim claim = claim(prefixes);
      if (claim.state().equals(Claim.NEW)) {
        settle(connection, prefixes, claim);
      } else {
        makeReader(connection);
      }
      new Cursors(plan).create(connection);
    }
  }

  private Claim claim(Prefixes prefixes) throws StoreProblem {
    String login = reader instanceof Reader.Made made ? made.login().username() : null;
    Claim wanted = Claim.by(plan, login);
    prefixes.claim(prefix, wanted);
    return prefixes.claimOf(prefix, plan.uid()).orElse(wanted);
  }

  /** Keys that were there before are somebody's; then the claim goes again. */
  private void settle(Connection connection, Prefixes prefixes, Claim claim) throws StoreProblem {
    if (!new KeySpace(connection, prefix).isEmpty()) {
      prefixes.release(prefix, claim);
      throw new StoreProblem(
          "KeyPrefixTaken",
          "there are keys already that begin with '" + prefix + "'",
          "Choose another prefix, or delete these keys if nobody needs them.",
          false);
    }
    try {
      makeReader(connection);
    } catch (StoreProblem problem) {
      if (!problem.passing()) {
        prefixes.release(prefix, claim);
      }
      throw problem;
    }
    prefixes.change(prefix, claim.in(Claim.HELD));
  }

  /** A reader that was brought is its owner's: docs/external-stores.md says what it needs. */
  private void makeReader(Connection connection) throws StoreProblem {
    switch (reader) {
      case Reader.Made made -> {
        Users users = new Users(connection);
        users.reader(site, prefix, made.login());
        users.save();
      }
      case Reader.Brought brought -> {
        // Nothing to make.
      }
      case Reader.None nobody -> {
        // Nothing to make.
      }
    }
  }
}
