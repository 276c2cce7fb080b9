/** Networks between a client and a store that break where a test wants it; other modules' too. */
@NullMarked
package dev.millrace.stores.network;

import org.jspecify.annotations.NullMarked;
