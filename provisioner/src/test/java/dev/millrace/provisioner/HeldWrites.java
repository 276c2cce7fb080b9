package dev.millrace.provisioner;

import dev.millrace.stores.Fenced;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreDriver;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The real driver, but its writes wait while they are held, as those of a stalled worker do. */
final class HeldWrites {
  final AtomicInteger waiting = new AtomicInteger();
  final AtomicInteger fenced = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);

  StoreDriver of(StoreDriver real) {
    return wrapped(
        StoreDriver.class,
        (method, arguments) -> {
          Object result = method.invoke(real, arguments);
          return result instanceof Sink sink ? held(sink) : result;
        });
  }

  void hold() {
    gate = new CountDownLatch(1);
  }

  void release() {
    gate.countDown();
  }

  private Sink held(Sink real) {
    return wrapped(
        Sink.class,
        (method, arguments) -> {
          if (method.getName().equals("write")) {
            waiting.incrementAndGet();
            gate.await();
            waiting.decrementAndGet();
          }
          return method.invoke(real, arguments);
        });
  }

  private <T> T wrapped(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              try {
                return call.of(method, arguments);
              } catch (InvocationTargetException e) {
                if (e.getCause() instanceof Fenced) {
                  fenced.incrementAndGet();
                }
                throw e.getCause();
              }
            }));
  }

  private interface Call {
    @Nullable Object of(Method method, Object @Nullable [] arguments) throws Throwable;
  }
}
