/**
 * What both controllers do, that of standalone and that of Kubernetes: observe, decide by {@code
 * needs}, act, report. They differ in where needs are read and reported ({@link
 * dev.millrace.needs.reconcile.Board}), where logins are kept ({@link
 * dev.millrace.stores.credentials.Vault}), what is offered ({@link dev.millrace.controller.Offers})
 * and who calls when ({@link dev.millrace.controller.Agenda}).
 */
@NullMarked
package dev.millrace.controller;

import org.jspecify.annotations.NullMarked;
