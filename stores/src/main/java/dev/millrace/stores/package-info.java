/**
 * What an engine has to offer: {@link dev.millrace.stores.StoreDriver} provisions, {@link
 * dev.millrace.stores.Sink} writes. One package below for each engine; {@link
 * dev.millrace.stores.Engines} lists them.
 */
@NullMarked
package dev.millrace.stores;

import org.jspecify.annotations.NullMarked;
