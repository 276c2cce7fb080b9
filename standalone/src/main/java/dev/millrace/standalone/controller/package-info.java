/**
 * The controller of standalone: when {@code dev.millrace.controller} looks at a subscription here,
 * what this process offers, and what the catalog asks of it.
 */
@NullMarked
package dev.millrace.standalone.controller;

import org.jspecify.annotations.NullMarked;
