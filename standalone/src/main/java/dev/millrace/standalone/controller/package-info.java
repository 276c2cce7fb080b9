/**
 * The reconcile of DESIGN section 3 without Kubernetes: what is decided lies in {@code
 * dev.millrace.needs.reconcile}; here it is observed and carried out.
 */
@NullMarked
package dev.millrace.standalone.controller;

import org.jspecify.annotations.NullMarked;
