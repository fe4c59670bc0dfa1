import { assert, assertEquals, assertMatch } from "@std/assert";
import type { AddressFamily } from "../../lib/catalog/families.ts";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { FamilyRoutes } from "../../lib/monitor/family_routes.ts";
import { checkHealth } from "../../lib/monitor/health_check.ts";
import { createMonitorHttpClient, type MonitorFetch } from "../../lib/monitor/http_client.ts";
import { fakeFile, fakeMirror, FakeStore } from "../support/fake_store.ts";
import { MemoryLog } from "../support/memory_log.ts";

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

/** A mirror that answers, or not, by family; its name has the addresses that it is told to have. */
class Checked {
  readonly store = new FakeStore(fakeMirror({ httpUrl: "http://mirror.example/" }));
  readonly log = new MemoryLog();
  readonly routes = new FamilyRoutes();
  addresses: readonly string[] = ["192.0.2.7", "2001:db8::7"];
  now = NOW;
  asked: AddressFamily[] = [];
  writes = 0;

  constructor() {
    this.store.addFiles(fakeFile("/a", { size: 5 }));
    this.store.addCopies(1, { path: "/a", size: 5, modTime: 0 });
  }

  /** @param answers by family: a status, or what the library says */
  async check(answers: Readonly<Record<AddressFamily, number | string>>): Promise<string> {
    const clients = ([4, 6] as const).map((family) => ({
      family,
      fetch: (() => {
        this.asked.push(family);
        const answer = answers[family];
        return typeof answer === "number"
          ? Promise.resolve(new Response(null, { status: answer }))
          : Promise.reject(new TypeError("x", { cause: new Error(answer) }));
      }) as MonitorFetch,
    }));
    const before = this.store.records.get(1)!.families;
    await checkHealth({
      clock: systemClock,
      mirror: this.store.records.get(1)!,
      store: this.store,
      fetch: () => Promise.reject(new Error("not by family")),
      resolve: () => Promise.resolve(this.addresses),
      config: { disallowRedirects: false, disableOnMissingFile: false },
      families: { clients, routes: this.routes, checkInterval: 1 },
      log: this.log,
      now: () => this.now,
      random: () => 0,
      signal: new AbortController().signal,
    });
    const { httpUp, httpDownReason, httpDownCause, families } = this.store.records.get(1)!;
    if (families !== before) this.writes++;
    const up = httpUp ? "up" : `${httpDownReason}: ${httpDownCause?.text}`;
    const word = ({ state, text }: { state: string; text: string }): string =>
      text === "" ? state : `${state} (${text})`;
    return `${up} | ${families && `${word(families.ipv4)}, ${word(families.ipv6)}`}`;
  }
}

const REFUSED = "tcp connect error: Connection refused (os error 111)";
const NO_ROUTE = "tcp connect error: Network is unreachable (os error 101)";
const NO_ADDRESS = "tcp connect error: Network unreachable";

Deno.test("checkHealth() tells the families apart; up means that one of them is", async () => {
  const checked = new Checked();
  assertEquals(await checked.check({ 4: 200, 6: 200 }), "up | up, up");
  assertEquals(await checked.check({ 4: 200, 6: REFUSED }), "up | up, down (connection refused)");
  assertEquals(await checked.check({ 4: REFUSED, 6: 200 }), "up | down (connection refused), up");
  assertEquals(
    await checked.check({ 4: REFUSED, 6: 403 }),
    "Got status code 403: Got status code 403 | down (connection refused), down (Got status code 403)",
  );
  const { name } = checked.store.records.get(1)!;
  assertEquals(
    checked.log.lines.filter((line) => line.startsWith("warn:") && line.includes("over")),
    ["IPv6", "IPv4"].map((family) =>
      `warn: Mirror ${name} is down over ${family}: connection refused`
    ),
  );
});

Deno.test("checkHealth() knows a name without an address of a family", async () => {
  const checked = new Checked();
  checked.addresses = ["192.0.2.7"];
  assertEquals(await checked.check({ 4: 200, 6: NO_ADDRESS }), "up | up, none (no IPv6 address)");
  checked.addresses = ["2001:db8::7"];
  assertEquals(
    await checked.check({ 4: NO_ADDRESS, 6: REFUSED }),
    "Unreachable: connection refused | none (no IPv4 address), down (connection refused)",
  );
  const { address } = checked.store.records.get(1)!.httpDownCause!;
  assertEquals(address, "2001:db8::7");
});

Deno.test("checkHealth() blames no family that the mirror has no address of for a blocked port", async () => {
  const checked = new Checked();
  checked.addresses = ["127.0.0.1"];
  const blocked = "Requests to port 6000 are blocked";
  assertEquals(
    await checked.check({ 4: blocked, 6: blocked }),
    "Unreachable: port blocked by the runtime | down (port blocked by the runtime), none (no IPv6 address)",
  );
});

Deno.test("checkHealth() leaves the state of a family as it is where this machine has no route", async () => {
  const checked = new Checked();
  assertEquals(await checked.check({ 4: 200, 6: NO_ROUTE }), "up | up, unknown");
  await checked.check({ 4: 200, 6: NO_ROUTE });
  assertEquals(checked.routes.missing, []);
  await checked.check({ 4: 200, 6: NO_ROUTE });
  assertEquals(checked.routes.missing, [6]);
  checked.asked = [];
  await checked.check({ 4: 200, 6: 200 });
  assertEquals(checked.asked, [4]);
  // It is tried again now and then.
  checked.now += 10 * MINUTE;
  assertEquals(await checked.check({ 4: 200, 6: 200 }), "up | up, up");
  assertEquals(checked.routes.missing, []);
  // One that is cut off by itself is down.
  assertEquals(await checked.check({ 4: 200, 6: NO_ROUTE }), "up | up, down (network unreachable)");
});

Deno.test("checkHealth() says nothing of a mirror whose only family it cannot reach", async () => {
  const checked = new Checked();
  checked.addresses = ["2001:db8::7"];
  for (let i = 0; i < 3; i++) checked.routes.note(6, true, NOW);
  assertEquals(await checked.check({ 4: NO_ADDRESS, 6: NO_ROUTE }), ": undefined | null");
});

Deno.test("checkHealth() keeps families through answers that are about a file, and busy ones", async () => {
  const checked = new Checked();
  await checked.check({ 4: 200, 6: 200 });
  assertEquals(await checked.check({ 4: 200, 6: 404 }), "up | up, up");
  assertEquals(await checked.check({ 4: 503, 6: 200 }), "up | up, up");
  assertEquals(await checked.check({ 4: 200, 6: "dns error: x" }), "up | up, up");
});

Deno.test("checkHealth() writes families that stay every other interval, so that they count on", async () => {
  const checked = new Checked();
  for (let minute = 0; minute < 10; minute++) {
    await checked.check({ 4: 200, 6: 200 });
    checked.now += MINUTE;
    const { families } = checked.store.records.get(1)!;
    assert(checked.now - families!.ipv4.time <= 3 * MINUTE);
  }
  assertEquals(checked.writes, 5);
});

Deno.test("createMonitorHttpClient() connects to addresses of one family only", async () => {
  await using four = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("4"),
  );
  const { port } = four.addr;
  await using _six = Deno.serve({ hostname: "::1", port, onListen() {} }, () => new Response("6"));
  for (const family of [4, 6] as const) {
    using client = createMonitorHttpClient({ clock: systemClock, family });
    const ask = async (host: string): Promise<string> => {
      try {
        return await (await client.fetch(`http://${host}:${port}/`, {})).text();
      } catch (error) {
        return String((error as Error).cause ?? error);
      }
    };
    const [own, other] = family === 4 ? ["127.0.0.1", "[::1]"] : ["[::1]", "127.0.0.1"];
    assertEquals(await ask(own), `${family}`);
    assertMatch(await ask(other), /Network unreachable/);
  }
});
