package dev.millrace.catalog.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.api.Json;
import dev.millrace.api.product.DataProductSpec;
import java.nio.charset.StandardCharsets;

/** The product of this package's tests. */
final class Orders {
  static final String SCHEMA =
      """
      {"type": "object",
       "properties": {
         "orderId": {"type": "string"},
         "total": {"type": "number", "minimum": 0},
         "country": {"enum": ["DE", "FR"]},
         "placedAt": {"type": "string", "format": "date-time"},
         "code": {"type": "string", "pattern": "^[A-Z]+$"},
         "lines": {"type": "array", "items": {
           "type": "object",
           "properties": {"sku": {"type": "string"}, "count": {"type": "integer"}},
           "required": ["sku"], "additionalProperties": false}}},
       "required": ["orderId", "total"]}
      """;

  private Orders() {}

  static DataProductSpec product(boolean insertOnly) {
    return product(SCHEMA, "orderId", insertOnly);
  }

  static DataProductSpec product(String schema, String key, boolean insertOnly) {
    try {
      return new DataProductSpec(
          null, null, null, Json.STRICT.readTree(schema), key, insertOnly, null, null, null, null);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** A structured CloudEvent on one line. */
  static String event(String id, String data) {
    return "{\"specversion\":\"1.0\",\"id\":\""
        + id
        + "\",\"source\":\"/shop\",\"type\":\"order.placed\",\"data\":"
        + data
        + "}";
  }

  static String order(String orderId) {
    return "{\"orderId\":\"" + orderId + "\",\"total\":12.50}";
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
