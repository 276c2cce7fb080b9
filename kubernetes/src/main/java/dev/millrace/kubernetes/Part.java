package dev.millrace.kubernetes;

/** What one container does. */
sealed interface Part permits OperatorPart, WorkerPart {
  /** Returns at once; what is not there yet is waited for. */
  void start() throws CannotStart;

  /** Whether it does what it is for, or stands by. */
  boolean isReady();

  void stop();
}
