/**
 * Real Kafka, Postgres and Redis started from this process: for standalone and for tests.
 * Everything listens on loopback only and wants a password.
 */
@NullMarked
package dev.millrace.embedded;

import org.jspecify.annotations.NullMarked;
