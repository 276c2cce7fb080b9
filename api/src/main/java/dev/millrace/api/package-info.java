/** What every object of Millrace has: a kind, a name, an owner, a version. */
@NullMarked
package dev.millrace.api;

import org.jspecify.annotations.NullMarked;
