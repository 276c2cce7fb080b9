/** The platform as processes, and its REST door. */
@NullMarked
package dev.millrace.chaos.platform;

import org.jspecify.annotations.NullMarked;
