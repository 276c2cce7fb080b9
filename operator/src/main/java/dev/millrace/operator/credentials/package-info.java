/** Logins and keys, kept as Secrets. */
@NullMarked
package dev.millrace.operator.credentials;

import org.jspecify.annotations.NullMarked;
