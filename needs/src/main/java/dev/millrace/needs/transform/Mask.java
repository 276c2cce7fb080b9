package dev.millrace.needs.transform;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes a text unreadable, each in its way. Not safe for use by several threads. */
interface Mask {

  String of(String text);

  static Mask named(String name, Optional<byte[]> hashKey) throws PlanRejected {
    return switch (name) {
      case "None" -> text -> text;
      case "Redact" -> text -> "***";
      case "Partial" -> Mask::partial;
      case "Hash" ->
          hash(
              hashKey.orElseThrow(() -> new PlanRejected("the key of the Hash mask is not there")));
      default -> throw new PlanRejected("unknown mask '" + name + "'");
    };
  }

  /** The first character; of an address its domain too, which people group by. */
  private static String partial(String text) {
    int at = text.lastIndexOf('@');
    String domain = at > 0 ? text.substring(at) : "";
    int first = text.isEmpty() ? 0 : text.offsetByCodePoints(0, 1);
    return text.substring(0, first) + "***" + domain;
  }

  /** HMAC-SHA-256 in hex: equal texts stay equal, and without the key nobody can try them out. */
  private static Mask hash(byte[] key) throws PlanRejected {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return text -> HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new PlanRejected("the key of the Hash mask cannot be used", e);
    }
  }
}
