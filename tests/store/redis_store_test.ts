import { systemClock } from "../../lib/daemon/system_clock.ts";
import { openRedisReader } from "../../lib/store/redis/redis_reader.ts";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { storeContract } from "../store_contract.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { RedisServer } from "../support/redis_server.ts";

storeContract("RedisStore", async () => {
  const redis = await RedisServer.start("--appendonly", "no");
  const options = {
    address: { hostname: "127.0.0.1", port: redis.port },
    password: "",
    db: 0,
    log: new MemoryLog(),
    now: () => Date.now(),
    clock: systemClock,
  };
  const store = await openRedisStore(options);
  const reader = await openRedisReader(options);
  return {
    store,
    reader,
    async [Symbol.asyncDispose]() {
      await reader[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
    },
  };
});
