import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import { INITIAL_STATE } from "../../lib/catalog/mirror_state_fields.ts";
import { DEFAULT_SETTINGS } from "../../lib/catalog/settings/mirror_settings.ts";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import { fakeServices, FakeStore, NOW } from "../control/fake_services.ts";
import { Harness } from "./harness.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A store of five mirrors, each in another state. */
function sampleStore(): FakeStore {
  const store = new FakeStore();
  const put = (id: number, name: string, values: Partial<MirrorRecord>): void => {
    const httpUrl = `http://${name}.example/`;
    store.records.set(id, {
      ...{ ...DEFAULT_SETTINGS, ...INITIAL_STATE, id, name, httpUrl, enabled: true },
      ...values,
    });
  };
  const counts = { current: 43, older: 30, size: 0, newer: 0, missing: 0, foreign: 0 };
  put(1, "alpha", {
    httpUp: true,
    stateSince: NOW - 3 * HOUR,
    countryCodes: ["NL"],
    lastSuccessfulSync: NOW - 11 * MINUTE,
    scanNumbers: { ...counts, behindSince: NOW - 9 * DAY, scan: NOW - 11 * MINUTE },
  });
  put(2, "beta", {
    httpDownReason: "Unreachable",
    stateSince: NOW - 9 * DAY,
    countryCodes: ["DE"],
    httpDownCause: {
      kind: "connect",
      text: "connection refused",
      address: "192.0.2.7",
      milliseconds: 12,
      reason: "Unreachable",
      since: NOW - 9 * DAY,
    },
  });
  put(3, "gamma", { enabled: false });
  put(4, "delta", { lastSuccessfulSync: NOW - 5 * HOUR });
  put(5, "epsilon", {
    httpUrl: "epsilon.example/",
    httpUp: true,
    httpsDownReason: "Got status code 500",
    busySince: NOW - MINUTE,
    stateSince: NOW - 2 * DAY,
    countryCodes: ["FR"],
  });
  return store;
}

const REASON = "Unreachable: connection refused (192.0.2.7, 12 ms)";

Deno.test("list on a terminal has a sum, spans of time, and never the year 1", async () => {
  await using harness = new Harness(fakeServices({ store: sampleStore() }));
  const { stdout, exit } = await harness.run(["list"], { terminal: true, columns: 160 });
  assertEquals(exit, 0);
  assertEquals(stdout.split("\n"), [
    "Identifier  STATE          SINCE   REASON",
    "alpha       up             3 h",
    "epsilon     up/down, busy  2 days  Got status code 500",
    `beta        down           9 days  ${REASON}`,
    "delta       unknown",
    "gamma       disabled",
    "1 up, 1 down, 1 by HTTP only, 1 not checked yet, 1 stale, 1 busy, 1 disabled",
    "1 not scanned for 1 h or longer: delta",
    "",
  ]);
});

Deno.test("list -plain on a terminal is what a pipe gets", async () => {
  await using harness = new Harness(fakeServices({ store: sampleStore() }));
  const options = { columns: 40, colour: true };
  const plain = await harness.run(["list", "-plain", "-http"], { ...options, terminal: true });
  const pipe = await harness.run(["list", "-http"], options);
  assertEquals(plain.stdout, pipe.stdout);
  assertStringIncludes(pipe.stdout, "(Mon, 01 Jan 0001 00:00:00 UTC)");
  assertStringIncludes(pipe.stdout, "Unreachable: connection refused\n");
  assertEquals(pipe.stdout.includes("\x1b"), false);
});

Deno.test("list colours states, which stand there in words", async () => {
  await using harness = new Harness(fakeServices({ store: sampleStore() }));
  const options = { terminal: true, columns: 160 };
  const { stdout } = await harness.run(["list", "-fresh"], { ...options, colour: true });
  for (
    const part of [
      "\x1b[32mup\x1b[0m             3 h",
      "\x1b[31mdown\x1b[0m",
      "\x1b[33mup/down, busy\x1b[0m",
      "\x1b[33munknown\x1b[0m",
      "\x1b[90mdisabled\x1b[0m",
      "\x1b[33m9 days\x1b[0m  11 min ago",
    ]
  ) {
    assertStringIncludes(stdout, part);
  }
  const { stdout: bare } = await harness.run(["list", "-fresh"], options);
  // deno-lint-ignore no-control-regex -- that is what colours are made of
  assertEquals(stdout.replaceAll(/\x1b\[\d+m/g, ""), bare);
});

Deno.test("list cuts long texts at the width of the terminal", async () => {
  const store = sampleStore();
  const name = "a-name-that-is-longer-than-anybody-would-want-it-\x1b[31m";
  store.records.set(1, { ...store.records.get(1)!, name });
  await using harness = new Harness(fakeServices({ store }));
  for (const columns of [70, 80, 100]) {
    const { stdout } = await harness.run(["list", "-http"], { terminal: true, columns });
    const table = stdout.split("\n").slice(0, 6);
    assertEquals(table.filter((line) => line.length > columns), []);
    assertMatch(table[1]!, /^a-name-that.*…/);
    assertMatch(table[3]!, /^beta .*…$/);
    assertEquals(stdout.includes("\x1b"), false);
  }
  // Where nothing more can be cut, each mirror is a block of lines.
  const { stdout } = await harness.run(["list", "-http"], { terminal: true, columns: 40 });
  assertStringIncludes(stdout, "\ngamma\n  HTTP    http://gamma.example/\n  STATE   disabled\n");
});

Deno.test("list -sort and -country choose and order", async () => {
  await using harness = new Harness(fakeServices({ store: sampleStore() }));
  const names = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await harness.run(["list", "-state=false", ...args]);
    return stdout.trimEnd().split("\n").slice(1);
  };
  assertEquals(await names("-sort", "name"), ["alpha", "beta", "delta", "epsilon", "gamma"]);
  assertEquals(await names("-sort", "state"), ["beta", "delta", "epsilon", "alpha", "gamma"]);
  assertEquals(await names("-sort", "LAG"), ["alpha", "beta", "delta", "epsilon", "gamma"]);
  assertEquals(await names("-sort", "country"), ["beta", "epsilon", "alpha", "delta", "gamma"]);
  assertEquals(await names("-country", "nl,DE"), ["alpha", "beta"]);
});

Deno.test("list -watch draws over what was there until it is interrupted", async () => {
  const store = sampleStore();
  await using harness = new Harness(fakeServices({ store }));
  const interrupt = new AbortController();
  let waits = 0;
  const { stdout, exit } = await harness.run(["list", "-watch", "-sort", "name"], {
    ...{ terminal: true, columns: 100, rows: 8, interrupt: interrupt.signal },
    delay: () => {
      store.records.delete(1);
      if (++waits === 2) interrupt.abort();
      return Promise.resolve();
    },
  });
  assertEquals(exit, 0);
  assertEquals(stdout.startsWith("\x1b[?1049h") && stdout.endsWith("\x1b[?1049l"), true);
  const [, first = "", second = ""] = stdout.split("\x1b[H");
  assertEquals(first.split("\x1b[K").map((line) => line.trim()).slice(0, -1), [
    "mirrorbits list  15:04:05 UTC  (Ctrl-C ends it)",
    "",
    "Identifier  STATE          SINCE   REASON",
    "alpha       up             3 h",
    "… 4 more",
    "",
    "1 up, 1 down, 1 by HTTP only, 1 not checked yet, 1 stale, 1 busy, 1 disabled",
    "1 not scanned for 1 h or longer: delta",
  ]);
  assertStringIncludes(second, "beta");
  assertEquals(second.includes("alpha"), false);
});

Deno.test("list and show tell what is remembered while the store is away", async () => {
  const store = sampleStore();
  const remembered = { mirrors: [...store.records.values()], asOf: NOW - MINUTE };
  store.mirrors = () => Promise.reject(new StoreUnavailableError("away"));
  await using harness = new Harness(fakeServices({ store, remembered: () => remembered }));
  const list = await harness.run(["list"], { terminal: true, columns: 160 });
  assertEquals(list.exit, 0);
  assertMatch(list.stdout, /\nas of 15:03:05 UTC, the store is away\n$/);
  const pipe = await harness.run(["list", "-enabled"]);
  assertEquals([pipe.exit, pipe.stderr], [0, "as of 15:03:05 UTC, the store is away\n"]);
  assertMatch(pipe.stdout, /^Identifier/);
  const show = await harness.run(["show", "alpha"]);
  assertEquals([show.exit, show.stderr], [0, "as of 15:03:05 UTC, the store is away\n"]);
  // Whoever wants to change something, or writes a backup, does not work with that.
  for (const args of [["edit", "-set", "Score=1", "alpha"], ["export", "yaml"]]) {
    const { exit, stderr } = await harness.run(args);
    assertEquals(exit, 1);
    assertStringIncludes(stderr, "error:");
  }
});

Deno.test("list says what it cannot do", async () => {
  await using harness = new Harness(fakeServices());
  const said = async (args: readonly string[], terminal = false): Promise<string> => {
    const { exit, stderr } = await harness.run(["list", ...args], { terminal });
    assertEquals(exit, 2);
    return stderr.split("\n")[0]!;
  };
  const countries = 'error: Expected country codes such as NL or DE,FR, found "Holland"';
  assertEquals(await said(["-country", "Holland"]), countries);
  assertEquals(await said(["-watch"]), "error: -watch needs a terminal");
  const both = "error: -watch and -json exclude each other";
  assertEquals(await said(["-watch", "-json"], true), both);
  const orders = 'error: invalid value "size" for flag -sort: expected name, state, lag, country';
  assertEquals(await said(["-sort", "size"]), orders);
});
