package dev.millrace.catalog.document;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.api.Json;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** REST speaks the same JSON as the topics. */
final class JsonForm {

  @Produces
  @Singleton
  ObjectMapper mapper() {
    return Json.STRICT;
  }
}
