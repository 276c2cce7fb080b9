/** What a person asks of a running pipeline, answered by its worker over Kafka. */
@NullMarked
package dev.millrace.catalog.ask;

import org.jspecify.annotations.NullMarked;
