/**
 * What both controllers decide, as functions of what they observed: the next step, and what to
 * report. They differ only in how they observe and act.
 */
@NullMarked
package dev.millrace.needs.reconcile;

import org.jspecify.annotations.NullMarked;
