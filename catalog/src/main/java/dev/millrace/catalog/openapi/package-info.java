/** The contract of REST: what the scanner of resources cannot know is added to it here. */
@NullMarked
package dev.millrace.catalog.openapi;

import org.jspecify.annotations.NullMarked;
