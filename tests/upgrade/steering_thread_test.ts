import { systemClock } from "../../lib/daemon/system_clock.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { SteeringThread } from "../../lib/upgrade/steering_thread.ts";
import { freePort } from "../support/free_port.ts";
import { MemoryLog } from "../support/memory_log.ts";

const ignore = Deno.build.os !== "linux";

/** Sockets that share an address and count their connections. */
class Group implements Disposable {
  readonly #listeners: Deno.Listener[];
  #hits: number[];
  readonly address: { readonly hostname: string; readonly port: number };

  constructor(hostname: string, count: number) {
    this.address = { hostname, port: freePort() };
    this.#hits = Array(count).fill(0);
    const options = { ...this.address, reusePort: true };
    this.#listeners = this.#hits.map(() => Deno.listen(options));
    this.#listeners.forEach((_, index) => void this.#accept(index));
  }

  async #accept(index: number): Promise<void> {
    for await (const connection of this.#listeners[index]!) {
      this.#hits[index]!++;
      await connection.write(new Uint8Array(1));
      connection.close();
    }
  }

  /** Connects some times. @returns which sockets got connections */
  async visit(): Promise<number[]> {
    this.#hits = this.#hits.map(() => 0);
    for (let i = 0; i < 100; i++) {
      using connection = await Deno.connect(this.address);
      await connection.read(new Uint8Array(1));
    }
    return this.#hits.flatMap((hits, index) => hits > 0 ? [index] : []);
  }

  /** Closes a socket; the last one takes its number. */
  close(index: number): void {
    this.#listeners[index]!.close();
  }

  [Symbol.dispose](): void {
    for (const listener of this.#listeners) {
      try {
        listener.close();
      } catch {
        // It was closed before.
      }
    }
  }
}

for (const hostname of ["127.0.0.1", "::1"]) {
  Deno.test({
    name: `SteeringThread.steer() sends connections to ${hostname} to the sockets that it is told`,
    ignore,
    async fn() {
      const log = new MemoryLog();
      using steering = new SteeringThread(log, systemClock);
      using group = new Group(hostname, 5);
      using other = new Group(hostname, 2);
      assertEquals(await group.visit(), [0, 1, 2, 3, 4]);
      assert(await steering.steer(group.address, { first: 2, count: 3 }));
      assertEquals(await group.visit(), [2, 3, 4]);
      assert(await steering.steer(group.address, { first: 2, count: 1 }));
      assertEquals(await group.visit(), [2]);
      group.close(0);
      assertEquals(await group.visit(), [2]);
      group.close(1);
      // Those that are left have the numbers 0, 1 and 2 now.
      assertEquals((await group.visit()).length, 1);
      await steering.release(group.address);
      assertEquals(await group.visit(), [2, 3, 4]);
      assertEquals(await other.visit(), [0, 1]);
      assertEquals(log.lines, []);
    },
  });
}

Deno.test({
  name: "SteeringThread.steer() says what is wrong, and goes on",
  ignore,
  async fn() {
    const log = new MemoryLog();
    using steering = new SteeringThread(log, systemClock);
    const address = { hostname: "127.0.0.1", port: freePort() };
    assertEquals(await steering.steer(address, { first: 0, count: 1 }), false);
    assertMatch(log.lines[0] ?? "", /^warn: Connections may be lost .*: Nothing listens on port/);
    using group = new Group("127.0.0.1", 2);
    assert(await steering.steer(group.address, { first: 1, count: 1 }));
    await steering.release(group.address);
  },
});

for (const hostname of ["127.0.0.1", "::1", "::"]) {
  Deno.test({
    name: `SteeringThread.cut() ends one connection at ${hostname}, and no other`,
    ignore,
    async fn() {
      using steering = new SteeringThread(new MemoryLog(), systemClock);
      using listener = Deno.listen({ hostname, port: 0 });
      const { port } = listener.addr;
      const to = { hostname: hostname === "::" ? "127.0.0.1" : hostname, port };
      using stalled = await Deno.connect(to);
      using atEnd = await listener.accept();
      using other = await Deno.connect(to);
      using otherEnd = await listener.accept();
      // Until nothing more fits in, as with a reader that takes nothing.
      const filling = (async () => {
        while (true) await atEnd.write(new Uint8Array(65_536));
      })().then(() => "written", () => "cut");
      const { remoteAddr } = atEnd;
      assertEquals(await steering.cut({ ...to, port: 1 }), false);
      assertEquals(await steering.cut(remoteAddr), true);
      assertEquals(await filling, "cut");
      const rest = await new Response(stalled.readable).bytes().then(() => "", () => "reset");
      assert(rest === "" || rest === "reset");
      await otherEnd.write(new Uint8Array(1));
      assertEquals(await other.read(new Uint8Array(1)), 1);
    },
  });
}
