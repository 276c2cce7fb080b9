package dev.millrace.provisioner;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * What the broker in this process took in and handed out of one topic, in bytes of record batches,
 * by its own meters. Batches that a reader throws away or reads twice count as often as they left.
 */
record BrokerTraffic(long in, long out) {

  static BrokerTraffic of(String topic) throws JMException {
    return new BrokerTraffic(meter("BytesInPerSec", topic), meter("BytesOutPerSec", topic));
  }

  BrokerTraffic since(BrokerTraffic before) {
    return new BrokerTraffic(in - before.in, out - before.out);
  }

  /** How often the broker handed out what it took in. */
  double ratio() {
    return (double) out / in;
  }

  /** There is no meter before the first byte. */
  private static long meter(String name, String topic) throws JMException {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    ObjectName meter =
        new ObjectName("kafka.server:type=BrokerTopicMetrics,name=" + name + ",topic=" + topic);
    return beans.isRegistered(meter) ? (Long) beans.getAttribute(meter, "Count") : 0;
  }
}
