import { assert, assertEquals, assertMatch } from "@std/assert";
import type { HealthJson } from "../../lib/control/api/daemon_schemas.ts";
import type { MirrorJson } from "../../lib/control/api/mirror_schemas.ts";
import { Daemon } from "../support/daemon.ts";
import { freePort } from "../support/free_port.ts";
import { MailServer } from "../support/mail_server.ts";
import { RedisServer } from "../support/redis_server.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { WebhookReceiver } from "../support/webhook_receiver.ts";
import { writeFile } from "./sample.ts";

const DAY = 86_400_000;
const FILES = ["/a/1", "/a/2", "/a/3", "/b/4", "/b/5"];

/** How a mirror is stale: what it has. */
const STALE: Readonly<Record<string, (tree: string, time: number) => Promise<void>>> = {
  older: (tree, time) => writeFile(tree, "/a/1", { modified: time - DAY }),
  size: (tree, time) => writeFile(tree, "/a/1", { size: 7, modified: time }),
  missing: (tree) => Deno.remove(`${tree}/b/5`),
  all: async (tree, time) => {
    for (const path of FILES) await writeFile(tree, path, { size: 9, modified: time - DAY });
  },
};

const NAMES = Array.from({ length: 30 }, (_, i) => `m${`${i + 1}`.padStart(2, "0")}`);
const DOWN = NAMES.slice(0, 10);
const STALE_ONES = NAMES.slice(10, 14);
const PLANNED = NAMES.slice(14, 16);
const [BUSY = ""] = NAMES.slice(16, 17);
const WELL = NAMES.slice(17);

/** The mirrors over HTTP, each below its name: a server that can be told to misbehave. */
class Mirrors implements AsyncDisposable {
  readonly down = new Set<string>();
  readonly busy = new Set<string>();
  readonly #server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      const [, name = "", ...rest] = new URL(request.url).pathname.split("/");
      if (this.down.has(name)) return new Response(null, { status: 403 });
      if (this.busy.has(name)) {
        return new Response(null, { status: 503, headers: { "retry-after": "300" } });
      }
      return new Response(null, {
        headers: { "content-length": `${rest.join("/").length + 101}` },
      });
    },
  );

  urlOf(name: string): string {
    return `http://127.0.0.1:${this.#server.addr.port}/${name}/`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.shutdown();
  }
}

/** As much of a node as is looked at. */
interface ListedNode {
  readonly name: string;
  readonly self: boolean;
  readonly mirrors: readonly string[];
}

Deno.test("thirty mirrors and two nodes: who is down, who is stale, and who is told of it", async () => {
  const time = Math.floor((Date.now() - 5 * DAY) / 1000) * 1000;
  await using directory = await tempDir();
  const repository = `${directory.path}/repository`;
  const kinds = Object.keys(STALE);
  for (const tree of ["repository", "good", ...kinds]) {
    for (const path of FILES) {
      await writeFile(`${directory.path}/${tree}`, path, { modified: time });
    }
  }
  for (const kind of kinds) await STALE[kind]!(`${directory.path}/${kind}`, time);
  const trees = ["good", ...kinds].map((name) => [name, `${directory.path}/${name}`]);
  await using rsyncd = await RsyncDaemon.start(Object.fromEntries(trees));
  await using redis = await RedisServer.start();
  await using hook = new WebhookReceiver();
  await using mail = await MailServer.start();
  await using mirrors = new Mirrors();
  const refused = freePort();
  const notify = [
    { To: "webhook", URL: hook.url },
    {
      To: "mail",
      SMTP: `smtp://127.0.0.1:${mail.port}`,
      From: "mirrors@example.org",
      Recipients: ["ops@example.org"],
    },
  ];
  const nodes: Daemon[] = [];
  await using running = new AsyncDisposableStack();
  for (const name of ["one", "two"]) {
    await Deno.mkdir(`${directory.path}/${name}`);
    const node = running.use(
      new Daemon({
        directory: `${directory.path}/${name}`,
        config: {
          Repository: repository,
          RedisAddress: `127.0.0.1:${redis.port}`,
          ...{ CheckInterval: 0, ScanInterval: 60, StaleAfter: 2880, ConcurrentSync: 10 },
          Notify: notify,
        },
      }),
    );
    await node.start();
    nodes.push(node);
  }
  const [one, two] = nodes as [Daemon, Daemon];
  // Before they know of each other, each would check and tell of all mirrors by itself.
  for (const node of nodes) {
    await waitFor(
      async () => JSON.parse(await node.ok("nodes", "-json")).nodes.length === 2,
      { what: "the nodes to know of each other", every: 200 },
    );
  }
  await one.ok("refresh");
  const httpUrl = (name: string): string =>
    DOWN.indexOf(name) < 5 && DOWN.includes(name)
      ? `http://127.0.0.1:${refused}/`
      : mirrors.urlOf(name);
  const moduleOf = (name: string): string => kinds[STALE_ONES.indexOf(name)] ?? "good";
  for (const name of DOWN.slice(5)) mirrors.down.add(name);
  const list = NAMES.map((name) =>
    `- Name: ${name}\n  HttpURL: ${httpUrl(name)}\n  RsyncURL: ${rsyncd.url(moduleOf(name))}\n` +
    "  Enabled: true\n"
  );
  await Deno.writeTextFile(`${directory.path}/mirrors.yaml`, `Mirrors:\n${list.join("")}`);
  await one.ok("import", `${directory.path}/mirrors.yaml`);
  const listed = async (node: Daemon): Promise<MirrorJson[]> =>
    JSON.parse(await node.ok("list", "-json")) as MirrorJson[];
  const namesOf = (all: readonly MirrorJson[], status: string): string[] =>
    all.filter((mirror) => mirror.status === status).map(({ name }) => name).sort();
  await waitFor(async () => {
    const all = await listed(one);
    return all.length === 30 && all.every(({ stateSince }) => stateSince !== null);
  }, { what: "every mirror to be checked", timeout: 180_000, every: 500 });
  mirrors.busy.add(BUSY);
  await waitFor(
    async () => (await listed(one)).some(({ busySince }) => busySince !== null),
    { what: "one to be busy", every: 200 },
  );
  for (const name of PLANNED) await two.ok("disable", "-until", "+2h", "-reason", "disks", name);

  for (const node of nodes) {
    const all = await listed(node);
    assertEquals(namesOf(all, "down"), DOWN);
    assertEquals(namesOf(all, "disabled"), PLANNED);
    assertEquals(namesOf(all, "up"), [...STALE_ONES, BUSY, ...WELL].sort());
    const busy = all.filter(({ busySince }) => busySince !== null).map(({ name }) => name);
    assertEquals(busy, [BUSY]);
    const pipe = await node.ok("list");
    for (const name of DOWN.slice(0, 5)) {
      assertMatch(pipe, new RegExp(`^${name} +down .* Unreachable: connection refused$`, "m"));
    }
    for (const name of DOWN.slice(5)) {
      assertMatch(pipe, new RegExp(`^${name} +down .* Got status code 403$`, "m"));
    }
    const stale = await node.ok("list", "-stale", "-state=false");
    const rows = stale.trim().split("\n").slice(1).map((line) => line.split(/ {2,}/));
    assertEquals(
      rows.map(([name, files, lag]) => [name, files, lag]).sort(),
      STALE_ONES.map((name) => [name, moduleOf(name) === "all" ? "0/5" : "4/5", "5 days"]),
    );
    const { mirrors: counts } = JSON.parse(await node.ok("health", "-json")) as HealthJson;
    const { enabled, up, down, disabled, planned, stale: behind, busy: patient } = counts!;
    assertEquals(
      { enabled, up, down, disabled, planned, behind, patient },
      { enabled: 28, up: 18, down: 10, disabled: 0, planned: 2, behind: 4, patient: 1 },
    );
    assertMatch(await node.ok("health"), /^Mirrors: 18 of 28 enabled are up, 10 down, 4 stale/m);
    const page = await (await node.get("/?mirrorstats")).text();
    for (const name of NAMES) assert(page.includes(`>${name}<`), name);
    assertEquals(page.match(/<span class="tag partial">stale</g)?.length, 4);
  }

  // Everybody is told of everything once, whichever node it is that tells.
  const expected = [
    ...DOWN.map((name) => `down ${name}`),
    ...STALE_ONES.map((name) => `stale ${name}`),
  ].sort();
  await waitFor(() => hook.told.length >= expected.length && mail.mails.length >= expected.length, {
    what: "all messages",
    timeout: 180_000,
  });
  assertEquals(hook.told.toSorted(), expected);
  assertEquals(mail.mails.length, expected.length);
  assertEquals(new Set(hook.deliveries.map(({ id }) => id)).size, expected.length);
  const listedNodes = async (): Promise<ListedNode[]> =>
    (JSON.parse(await one.ok("nodes", "-json")) as { nodes: ListedNode[] }).nodes;
  const names = (await listedNodes()).map(({ name }) => name);
  assertEquals(names.length, 2);
  for (const { body } of hook.deliveries) {
    // Whose a mirror is changes while more are added.
    assert(names.includes(body.Node), body.Node);
    if (body.Event !== "down") continue;
    const isRefused = DOWN.indexOf(body.Mirror) < 5;
    assertEquals(body.Reason, isRefused ? "Unreachable" : "Got status code 403");
    if (isRefused) assertMatch(body.Cause, /^connection refused \(127\.0\.0\.1, \d+ ms\)$/);
  }

  // A node dies while what it sends is on its way: that alone comes twice, with the same ID.
  const known = hook.deliveries.length;
  const held = Promise.withResolvers<Response>();
  hook.answer = () => held.promise;
  const [victim = ""] = WELL;
  mirrors.down.add(victim);
  await waitFor(() => hook.deliveries.length > known, { what: "a message on its way" });
  const first = hook.deliveries.at(-1)!;
  const of = (await listed(one)).find(({ name }) => name === victim)!;
  assertEquals(of.status, "down");
  const owner = (await listedNodes()).find(({ mirrors }) => mirrors.includes(victim))!;
  const [dying, other] = owner.self ? [one, two] : [two, one];
  await dying.stop("SIGKILL");
  held.resolve(new Response());
  hook.answer = () => new Response();
  const again = (): typeof hook.deliveries =>
    hook.deliveries.slice(known).filter(({ id }) => id === first.id);
  await waitFor(() => again().length === 2, {
    what: "the message again",
    timeout: 180_000,
    every: 200,
  });
  mirrors.down.delete(victim);
  await waitFor(() => hook.told.includes(`up ${victim}`), {
    what: "the other node to check and tell",
    timeout: 180_000,
    every: 200,
  });
  assertEquals(hook.told.slice(known), [`down ${victim}`, `down ${victim}`, `up ${victim}`]);
  assertEquals(again().map(({ text }) => text), [first.text, first.text]);
  assertEquals(namesOf(await listed(other), "down"), DOWN);
});
