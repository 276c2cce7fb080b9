package dev.millrace.catalog.event;

import java.util.Locale;

/** What a media type says, apart from its parameters. */
final class MediaTypes {
  private MediaTypes() {}

  static boolean isJson(String mediaType) {
    String essence = essence(mediaType);
    return essence.equals("application/json") || essence.endsWith("+json");
  }

  static String essence(String mediaType) {
    int parameters = mediaType.indexOf(';');
    String essence = parameters < 0 ? mediaType : mediaType.substring(0, parameters);
    return essence.strip().toLowerCase(Locale.ROOT);
  }
}
