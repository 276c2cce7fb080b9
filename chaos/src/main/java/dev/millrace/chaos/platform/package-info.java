/** The platform under fault: its process, its workers, its plans. */
@NullMarked
package dev.millrace.chaos.platform;

import org.jspecify.annotations.NullMarked;
