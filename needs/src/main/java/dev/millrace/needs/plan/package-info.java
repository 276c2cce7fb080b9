/** From a need and what was observed to the plan that workers run. */
@NullMarked
package dev.millrace.needs.plan;

import org.jspecify.annotations.NullMarked;
