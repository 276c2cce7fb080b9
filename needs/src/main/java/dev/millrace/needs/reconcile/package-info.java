/**
 * What both controllers decide, as functions of what they observed: the next step, and what to
 * report. {@link dev.millrace.needs.reconcile.Board} is where they read and report, which is only
 * declared here.
 */
@NullMarked
package dev.millrace.needs.reconcile;

import org.jspecify.annotations.NullMarked;
