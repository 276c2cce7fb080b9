/** Postgres: types, DDL, roles, COPY. */
@NullMarked
package dev.millrace.stores.postgres;

import org.jspecify.annotations.NullMarked;
