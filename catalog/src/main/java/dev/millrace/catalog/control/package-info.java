/**
 * Where the catalog and whoever provisions meet: {@link dev.millrace.needs.reconcile.Board} is what
 * a controller sees of the catalog, {@link dev.millrace.catalog.control.Provisioning} what the
 * catalog asks of a controller.
 */
@NullMarked
package dev.millrace.catalog.control;

import org.jspecify.annotations.NullMarked;
