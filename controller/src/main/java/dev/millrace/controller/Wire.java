package dev.millrace.controller;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.api.Json;
import dev.millrace.api.plan.PipelinePlan;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Plans as bytes. */
final class Wire {
  private Wire() {}

  static byte[] bytes(PipelinePlan plan) {
    try {
      return Json.STRICT.writeValueAsBytes(plan);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The plan as it will look after it crossed the topic. Two plans are compared in this form: a
   * number in the schema may be an int on one side of the wire and a long on the other.
   */
  static PipelinePlan asRead(PipelinePlan plan) {
    try {
      return Json.LENIENT.readValue(bytes(plan), PipelinePlan.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
