/** StoreClass and Store: what kinds of store are offered, and what was provisioned. */
@NullMarked
package dev.millrace.api.store;

import org.jspecify.annotations.NullMarked;
