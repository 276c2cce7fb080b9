package dev.millrace.testcluster;

/**
 * What came of a program.
 *
 * @param text of both streams
 */
public record Outcome(int code, String text) {}
