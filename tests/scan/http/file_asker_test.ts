import { assertEquals } from "@std/assert";
import { FileAsker } from "../../../lib/scan/http/file_asker.ts";
import { FakeClock } from "../../support/fake_clock.ts";

type React = (method: string, path: string) => Response | Promise<Response>;

class World {
  readonly asked: string[] = [];
  readonly times: number[] = [];
  readonly clock = new FakeClock();
  readonly stop = new AbortController();
  opened = 0;
  closed = 0;
  now = 0;
  most = 0;
  readonly asker: FileAsker;

  constructor(react: React, url = "http://cdn.example/pub/") {
    let running = 0;
    this.asker = new FileAsker({
      url,
      redirects: false,
      resolve: () => Promise.resolve([]),
      random: () => 0.5,
      signal: this.stop.signal,
      clock: {
        now: () => this.now,
        elapsed: () => this.now,
        // Pauses take no time but that of this clock.
        delay: (milliseconds) => {
          this.now += milliseconds;
          return Promise.resolve();
        },
        timeout: () => new AbortController().signal,
      },
      openClient: () => {
        this.opened++;
        return {
          fetch: async (address, { method = "GET" }) => {
            this.most = Math.max(this.most, ++running);
            this.asked.push(`${method} ${address}`);
            this.times.push(this.now);
            await Promise.resolve();
            running--;
            return await react(method, new URL(address).pathname);
          },
          [Symbol.dispose]: () => this.closed++,
        };
      },
    });
  }
}

function sized(size: number): Response {
  return new Response(null, { headers: { "content-length": `${size}` } });
}

Deno.test("FileAsker asks for one file after the other, ten a second at most", async () => {
  const world = new World((_, path) =>
    path.includes(".mirrorbits-") ? new Response(null, { status: 404 }) : sized(7)
  );
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) => world.asker.ask(`/f ${i}`)),
  );
  assertEquals(answers[99], { type: "there", size: 7, time: null, uploaded: false });
  assertEquals(world.most, 1);
  assertEquals(world.opened, 1);
  assertEquals(world.asked[1], "HEAD http://cdn.example/pub/f%200");
  for (let i = 0; i + 20 < world.times.length; i++) {
    const span = world.times[i + 20]! - world.times[i]!;
    assertEquals(span >= 1000, true, `21 requests in ${span} ms`);
  }
  world.asker[Symbol.dispose]();
  assertEquals(world.closed, 1);
});

Deno.test("FileAsker leaves a mirror alone for ten minutes that fails again and again", async () => {
  let broken = true;
  const world = new World((_, path) =>
    broken || path.includes(".mirrorbits-")
      ? new Response(null, { status: broken ? 500 : 404 })
      : sized(7)
  );
  for (let i = 0; i < 30; i++) await world.asker.ask(`/${i}`);
  const { length } = world.asked;
  assertEquals(length < 30, true, `${length}`);
  broken = false;
  assertEquals((await world.asker.ask("/x")).type, "undecided");
  assertEquals(world.asked.length, length);
  world.now += 600_000;
  assertEquals((await world.asker.ask("/x")).type, "there");
});

Deno.test("FileAsker finds the scheme out where none is written, and ends with its signal", async () => {
  const world = new World((_, path) => path.includes(".mirrorbits-") ? sized(1) : sized(7), "cdn/");
  assertEquals((await world.asker.ask("/x")).type, "there");
  assertEquals(world.asked.map((line) => line.slice(0, 17)), [
    "HEAD https://cdn/",
    "HEAD https://cdn/",
    "HEAD https://cdn/",
  ]);
  world.stop.abort(new Error("stopped"));
  const late = await world.asker.ask("/y").catch((error) => error.message);
  assertEquals(late, "stopped");
});
