import { systemClock } from "../../lib/daemon/system_clock.ts";
import { assertEquals } from "@std/assert";
import { findPrimary } from "../../lib/store/redis/find_primary.ts";
import { respList, RespServer } from "../support/resp_server.ts";

const never = new AbortController().signal;

/** A Sentinel that saw fail-overs up to one, after which the primary listens on a port. */
function sentinel(epoch: number, port: number): RespServer {
  return new RespServer(() =>
    respList(["ip", "127.0.0.1", "port", `${port}`, "config-epoch", `${epoch}`])
  );
}

Deno.test("findPrimary() believes the Sentinel that saw the latest fail-over, wherever it stands", async () => {
  await using old = sentinel(2, 6402);
  await using newest = sentinel(10, 6410);
  await using older = sentinel(9, 6409);
  for (
    const order of [[old, newest, older], [newest, older, old], [older, old, newest]]
  ) {
    const addresses = order.map(({ port }) => ({ hostname: "127.0.0.1", port }));
    const timings = { connect: 60_000, answer: 60_000 };
    assertEquals(
      await findPrimary({ masterName: "m", addresses }, {
        password: "",
        timings,
        clock: systemClock,
      }, never),
      { hostname: "127.0.0.1", port: 6410 },
    );
  }
});
