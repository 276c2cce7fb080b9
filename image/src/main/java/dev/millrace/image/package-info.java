/** The image has no code of its own: it is made of the application in {@code kubernetes}. */
@NullMarked
package dev.millrace.image;

import org.jspecify.annotations.NullMarked;
