/** The worker against real Kafka and real stores, and against a store that fails on purpose. */
@NullMarked
package dev.millrace.provisioner;

import org.jspecify.annotations.NullMarked;
