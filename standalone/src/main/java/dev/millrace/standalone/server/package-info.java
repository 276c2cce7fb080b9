/** The data directory and the servers of one running platform: started, stopped, left in order. */
@NullMarked
package dev.millrace.standalone.server;

import org.jspecify.annotations.NullMarked;
