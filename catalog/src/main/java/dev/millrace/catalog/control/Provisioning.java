package dev.millrace.catalog.control;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.ask.Explanation.WriteWay;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.store.Binding;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.needs.check.Need;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the catalog asks of whoever provisions. The catalog itself holds no credentials: passwords
 * pass through here and are kept on the other side. Safe to share between threads; blocks.
 */
public interface Provisioning {

  /** What is offered, by name. */
  Map<String, StoreClassSpec> classes();

  /**
   * What the engine cannot do of a need: names too long, types it lacks. Pure; pointers as in
   * {@code /spec/store/table/name}.
   */
  List<Finding> check(Need need);

  /** The statements that would be run in the store. Nothing is looked at and nothing done. */
  String describe(Need need);

  /** How a batch may be written to a store of this engine. Pure. */
  List<WriteWay> ways(String engine);

  /**
   * Logs in to a store that is being declared and looks whether it can serve. Its passwords are in
   * the spec.
   *
   * @param before the spec as it stands: a password that is left out is the one kept already
   * @return findings with pointers below {@code /spec/connection}; empty when it can serve
   */
  List<Finding> probe(ObjectKey store, StoreSpec spec, Optional<StoreSpec> before);

  /** Keeps the passwords that came with a Store, encrypted. Called after {@link #probe}. */
  void keepAccounts(ObjectKey store, StoreSpec spec);

  /** Forgets them; the Store has gone. */
  void forgetAccounts(ObjectKey store);

  /**
   * How a reader connects, without the password.
   *
   * @throws CredentialsRefused {@code NotProvisioned}, {@code InSecret}
   */
  Binding binding(ObjectKey subscription) throws CredentialsRefused;

  /**
   * The same with the password, once.
   *
   * @throws CredentialsRefused {@code NotProvisioned}, {@code AlreadyRevealed}, {@code InSecret}
   */
  Binding reveal(ObjectKey subscription) throws CredentialsRefused;

  /**
   * A new password, shown now.
   *
   * @throws CredentialsRefused {@code NotProvisioned}, {@code ReaderBrought}, {@code InSecret}, or
   *     a store's own code
   */
  Binding rotate(ObjectKey subscription) throws CredentialsRefused;
}
