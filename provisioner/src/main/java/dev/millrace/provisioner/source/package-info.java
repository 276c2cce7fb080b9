/** What workers take from Kafka: plans, ownership, topic identities and log ends. */
@NullMarked
package dev.millrace.provisioner.source;

import org.jspecify.annotations.NullMarked;
