/** Redis: keys, ACL users, atomic batches. */
@NullMarked
package dev.millrace.stores.redis;

import org.jspecify.annotations.NullMarked;
