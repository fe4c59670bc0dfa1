import { assertEquals } from "@std/assert";
import { loadConfig } from "../../lib/config/load_config.ts";
import { type StorePlace, storePlace } from "../../lib/config/store_place.ts";

function placeOf(text: string): StorePlace {
  const { config } = loadConfig({
    file: "mirrorbits.conf",
    text: `Repository: /srv\nDatabasePath: /var/db/m.db\n${text}`,
    environment: {},
    flags: {},
    workingDirectory: "/",
  });
  return storePlace(config);
}

Deno.test("storePlace() is the embedded store unless a Redis is named", () => {
  assertEquals(placeOf(""), { type: "embedded", path: "/var/db/m.db" });
  assertEquals(placeOf("RedisPassword: x\nRedisDB: 3"), { type: "embedded", path: "/var/db/m.db" });
});

Deno.test("storePlace() is the Redis at RedisAddress", () => {
  assertEquals(placeOf("RedisAddress: 127.0.0.1:6379\nRedisPassword: x\nRedisDB: 3"), {
    type: "redis",
    address: { hostname: "127.0.0.1", port: 6379 },
    password: "x",
    db: 3,
  });
});

Deno.test("storePlace() goes through Sentinels where there are some, whatever the address", () => {
  const sentinels = {
    masterName: "mymaster",
    addresses: [{ hostname: "one", port: 26379 }, { hostname: "two", port: 26379 }],
  };
  const text = "RedisSentinelMasterName: mymaster\n" +
    "RedisSentinels:\n  - Host: one:26379\n  - Host: two:26379\n";
  assertEquals(placeOf(text), { type: "redis", address: null, sentinels, password: "", db: 0 });
  assertEquals(placeOf(`${text}RedisAddress: three:6379`), {
    type: "redis",
    address: { hostname: "three", port: 6379 },
    sentinels,
    password: "",
    db: 0,
  });
});

Deno.test("storePlace() names the user, and who vouches for the server", () => {
  const text = "RedisAddress: 127.0.0.1:6379\nRedisPassword: x\n";
  const place = {
    type: "redis" as const,
    address: { hostname: "127.0.0.1", port: 6379 },
    password: "x",
    db: 0,
  };
  assertEquals(placeOf(`${text}RedisUser: app`), { ...place, user: "app" });
  assertEquals(placeOf(`${text}RedisTLS: true`), { ...place, tls: { authorities: null } });
  const tls = { authorities: "/etc/ca.pem" };
  assertEquals(placeOf(`${text}RedisTLS: /etc/ca.pem`), { ...place, tls });
  assertEquals(placeOf(`${text}RedisTLS: false`), place);
});
