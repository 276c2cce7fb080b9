package dev.millrace.stores.postgres;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.needs.column.ColumnType;
import dev.millrace.stores.Fingerprint;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.TreeSet;

/**
 * Fingerprints of values in the binary format of {@code COPY}. What is read from a table and what
 * would be written into it have the same bytes there, save documents: the server keeps what a
 * document means and not how it was spelled.
 */
final class RowPrint {
  private static final byte[] OBJECT = {'{'};
  private static final byte[] LIST = {'['};
  private static final byte[] TEXT = {'"'};
  private static final byte[] NUMBER = {'0'};
  private static final byte[] WORD = {'w'};
  private static final byte[] END = {'.'};

  /** The server writes a number of a document in full, however it was spelled. */
  private static final ObjectReader DOCUMENTS =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNumberLength(200_000)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build()
          .readerFor(JsonNode.class);

  private final Fingerprint fingerprint = new Fingerprint();

  Fingerprint fingerprint() {
    return fingerprint;
  }

  /**
   * Takes one value in.
   *
   * @param at where its length stands
   * @return where the next value begins
   */
  int value(ColumnType type, byte[] bytes, int at) {
    int length = int32(bytes, at);
    if (length < 0) {
      fingerprint.nothing();
      return at + 4;
    }
    if (type instanceof ColumnType.Json) {
      document(bytes, at + 4, length);
    } else {
      fingerprint.value(bytes, at + 4, length);
    }
    return at + 4 + length;
  }

  static int int32(byte[] bytes, int at) {
    return bytes[at] << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | bytes[at + 3] & 0xff;
  }

  /** After the version of its format. Had somebody changed the column's type, it is no document. */
  private void document(byte[] bytes, int from, int length) {
    try {
      node(DOCUMENTS.readValue(bytes, from + 1, length - 1));
    } catch (IOException none) {
      fingerprint.value(bytes, from, length);
    }
  }

  private void node(JsonNode node) {
    switch (node.getNodeType()) {
      case OBJECT -> {
        fingerprint.value(OBJECT);
        TreeSet<String> names = new TreeSet<>();
        for (Iterator<String> each = node.fieldNames(); each.hasNext(); ) {
          names.add(each.next());
        }
        for (String name : names) {
          fingerprint.text(name);
          node(node.get(name));
        }
        fingerprint.value(END);
      }
      case ARRAY -> {
        fingerprint.value(LIST);
        node.forEach(this::node);
        fingerprint.value(END);
      }
      case STRING -> fingerprint.value(TEXT).text(node.textValue());
      case NUMBER -> {
        BigDecimal number = node.decimalValue().stripTrailingZeros();
        fingerprint
            .value(NUMBER)
            .value(number.unscaledValue().toByteArray())
            .text(Integer.toString(number.scale()));
      }
      case BOOLEAN, NULL, MISSING, BINARY, POJO -> fingerprint.value(WORD).text(node.asText());
    }
  }
}
