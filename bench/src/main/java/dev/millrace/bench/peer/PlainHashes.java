package dev.millrace.bench.peer;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** A hash for each bid, in pipelines. */
final class PlainHashes implements PlainConsumer.Rows {
  private final Jedis redis;
  private final boolean priced;

  /**
   * @param login port, password, prefix of keys
   */
  private final String prefix;

  PlainHashes(List<String> login, String query) {
    redis =
        new Jedis(
            new HostAndPort("127.0.0.1", Integer.parseInt(login.get(0))),
            DefaultJedisClientConfig.builder().user("default").password(login.get(1)).build());
    prefix = login.get(2);
    priced = query.equals("q22");
  }

  @Override
  public void write(List<JsonNode> bids) {
    Pipeline pipeline = redis.pipelined();
    for (JsonNode bid : bids) {
      pipeline.hset(prefix + bid.get("id").asText(), hash(bid));
    }
    pipeline.sync();
  }

  private Map<String, String> hash(JsonNode bid) {
    Map<String, String> hash = new HashMap<>();
    if (priced) {
      hash.put("id", bid.get("id").asText());
      hash.put("auction", bid.get("auction").asText());
      hash.put("bidder", bid.get("bidder").asText());
      hash.put("price", BigDecimal.valueOf(bid.get("price").longValue() * 908, 3).toPlainString());
    } else {
      bid.properties().forEach(field -> hash.put(field.getKey(), field.getValue().asText()));
    }
    return hash;
  }

  @Override
  public void close() {
    redis.close();
  }
}
