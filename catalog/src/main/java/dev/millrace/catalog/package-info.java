/** The service that records needs and serves them over REST: its configuration and wiring. */
@NullMarked
package dev.millrace.catalog;

import org.jspecify.annotations.NullMarked;
