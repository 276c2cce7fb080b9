package dev.millrace.needs.reconcile;

/**
 * Why a step could not be done.
 *
 * @param code stable CamelCase word: the condition's reason
 * @param message what and where
 * @param remedy what a person can do
 * @param passing it may heal by itself, so it is tried again soon
 */
public record Fault(String code, String message, String remedy, boolean passing) {

  String sentence() {
    return message.endsWith(".") ? message + " " + remedy : message + ". " + remedy;
  }
}
