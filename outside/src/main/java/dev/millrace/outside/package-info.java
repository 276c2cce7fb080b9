/** Millrace as processes: started, asked over REST, ended. What chaos and bench share. */
@NullMarked
package dev.millrace.outside;

import org.jspecify.annotations.NullMarked;
