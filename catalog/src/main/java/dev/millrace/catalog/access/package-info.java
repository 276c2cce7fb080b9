/**
 * Who may call: bearer tokens, and the checks that keep pages in a browser from driving the API.
 */
@NullMarked
package dev.millrace.catalog.access;

import org.jspecify.annotations.NullMarked;
