package dev.millrace.stores;

import dev.millrace.api.ObjectKey;
import dev.millrace.stores.credentials.Credentials;
import java.util.Optional;

/**
 * A store, resolved: where it is and who may do what there.
 *
 * @param store the Store's key
 * @param database Postgres: database name. Redis: database number
 * @param tls disable, require or verify-full
 * @param admin may create databases, roles and ACL users; empty for a store that was brought, where
 *     the writer does all it has been granted
 * @param writer what workers log in as. For a store with an admin, provisioning makes it so
 */
public record StoreSite(
    ObjectKey store,
    String engine,
    String host,
    int port,
    String database,
    String tls,
    Optional<Credentials> admin,
    Credentials writer) {}
