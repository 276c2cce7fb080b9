/**
 * What is published: events that are a function of their number, the log they make, and its fold.
 */
@NullMarked
package dev.millrace.chaos.load;

import org.jspecify.annotations.NullMarked;
