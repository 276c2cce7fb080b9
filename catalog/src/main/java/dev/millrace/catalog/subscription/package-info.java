/** Data subscriptions: what was asked for, whether it may be, and how it stands. */
@NullMarked
package dev.millrace.catalog.subscription;

import org.jspecify.annotations.NullMarked;
