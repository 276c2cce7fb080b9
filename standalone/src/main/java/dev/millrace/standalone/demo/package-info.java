/**
 * The demo: real data through the platform's own doors, and a check of every row of every store
 * against an independent computation.
 */
@NullMarked
package dev.millrace.standalone.demo;

import org.jspecify.annotations.NullMarked;
