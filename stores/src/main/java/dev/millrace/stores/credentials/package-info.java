/** Logins, and where they are kept. */
@NullMarked
package dev.millrace.stores.credentials;

import org.jspecify.annotations.NullMarked;
