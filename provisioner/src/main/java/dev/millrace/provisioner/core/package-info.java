/**
 * What a worker decides: who reads where, who shares a reader, what is written, when it is tried
 * again. Plain code without thread, clock, randomness or I/O, so that a simulator can run it.
 */
@NullMarked
package dev.millrace.provisioner.core;

import org.jspecify.annotations.NullMarked;
