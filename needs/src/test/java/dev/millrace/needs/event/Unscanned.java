package dev.millrace.needs.event;

/** Events that are parsed whole, as they were before there was a scanner. */
public final class Unscanned {
  private Unscanned() {}

  public static RawEvent of(byte[] event) {
    return RawEvent.unscanned(event);
  }
}
