package dev.millrace.provisioner;

class RedisEngineTest extends EngineContract {
  RedisEngineTest() {
    super(new RedisServer());
  }
}
