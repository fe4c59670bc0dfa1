import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { MailServer } from "../support/mail_server.ts";
import { MirrorServer } from "../support/mirror_server.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { WebhookReceiver } from "../support/webhook_receiver.ts";
import { Cluster } from "./cluster.ts";

const MIRRORS = 30;
const MODIFIED = Date.UTC(2026, 0, 2, 3, 4, 5);
const FILES = ["/pool/a", "/pool/b", "/pool/c", "/images/d"];

const REFUSED = /^Unreachable: connection refused$/;

/** Ten that are down, in four ways; half of them are checked by each node. */
const REASONS: Readonly<Record<string, RegExp>> = {
  ...Object.fromEntries(["m1", "m2", "m29", "m30"].map((name) => [name, REFUSED])),
  ...{ m3: /^Got status code 500$/, m28: /^Got status code 500$/ },
  ...{ m4: /^Got status code 403$/, m27: /^Got status code 403$/ },
  ...{ m5: /^File not found \S+ \(error 404\)$/, m26: /^File not found \S+ \(error 404\)$/ },
};
const DOWN = Object.keys(REASONS).sort();
const STALE = { m11: "1 older", m12: "1 of another size", m18: "1 missing", m19: "3 older" };
const PLANNED = ["m21", "m22"];
const BUSY = "m15";

/** Writes the files of a mirror, of which four lag behind, each in another way. */
async function writeTree(directory: string, name: string): Promise<void> {
  for (const path of FILES) {
    if (name === "m18" && path === "/pool/b") continue;
    const file = directory + path;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    const odd = path === "/pool/b";
    await Deno.writeTextFile(file, name === "m12" && odd ? "half" : path);
    const old = name === "m11" && odd || name === "m19" && path.startsWith("/pool/");
    await Deno.utime(file, new Date(), new Date(MODIFIED - (old ? 86_400_000 : 0)));
  }
}

Deno.test("a cluster of two tells how thirty mirrors are, each thing once", async (test) => {
  await using stack = new AsyncDisposableStack();
  const hook = stack.use(new WebhookReceiver());
  const mail = stack.use(await MailServer.start());
  const { path: directory } = stack.use(await tempDir("mirrorbits-fleet-"));
  const all = Array.from({ length: MIRRORS }, (_, index) => `m${index + 1}`);
  for (const name of all) await writeTree(`${directory}/${name}`, name);
  const server = stack.use(MirrorServer.start(directory));
  server.answer = ({ url }) => {
    const [, name = "", ...rest] = new URL(url).pathname.split("/");
    if (name === "m3" || name === "m28") return new Response("Broken\n", { status: 500 });
    if (name === "m4" || name === "m27") return new Response("Forbidden\n", { status: 403 });
    if (name === "m5" || name === "m26") return new Response("Not Found\n", { status: 404 });
    if (name === BUSY) {
      return new Response(null, { status: 503, headers: { "retry-after": "300" } });
    }
    try {
      const { size } = Deno.statSync(`${directory}/${name}/${rest.join("/")}`);
      return new Response(null, { headers: { "content-length": `${size}` } });
    } catch {
      return new Response("Not Found\n", { status: 404 });
    }
  };
  const closed = MirrorServer.start(directory);
  await closed.down();
  const modules = Object.fromEntries(all.map((name) => [name, `${directory}/${name}`]));
  const rsyncd = stack.use(await RsyncDaemon.start(modules));
  const cluster = stack.use(
    await Cluster.start({
      nodes: 2,
      mirrors: MIRRORS,
      files: FILES,
      config: {
        CheckInterval: 1,
        Notify: [
          { To: "webhook", URL: hook.url, Events: ["down", "stale", "disabled"] },
          {
            To: "mail",
            SMTP: `smtp://127.0.0.1:${mail.port}`,
            From: "mirrors@example.org",
            Recipients: ["ops@example.org"],
            Mirrors: true,
            Events: ["down", "stale"],
          },
        ],
      },
      mirror: (id) => ({
        http: `${[1, 2, 29, 30].includes(id) ? closed.url : server.url}m${id}/`,
        rsync: rsyncd.url(`m${id}`),
        fields: { adminEmail: id % 2 === 0 ? `admin@m${id}.example` : "" },
      }),
    }),
  );
  const [{ daemon: one }, { daemon: two }] = cluster.nodes as [
    typeof cluster.nodes[0],
    typeof cluster.nodes[0],
  ];
  for (const name of PLANNED) {
    await one.ok("disable", "-until", "+2h", "-reason", "new disks", name);
  }
  await one.ok("scan", "-all");
  const told = [
    ...DOWN.map((name) => `down ${name}`),
    ...Object.keys(STALE).map((name) => `stale ${name}`),
  ]
    .sort();
  await waitFor(
    () => hook.deliveries.length >= told.length && mail.mails.length >= 2 * DOWN.length,
    {
      what: "messages",
      timeout: 180_000,
      every: 200,
    },
  );
  const busy = async (): Promise<boolean> =>
    JSON.parse(await one.ok("list", "-json")).find(({ name }: { name: string }) => name === BUSY)
      .busySince !== null;
  await waitFor(busy, { what: "the busy one to be asked", timeout: 120_000, every: 500 });

  for (const [node, daemon] of [["one", one], ["two", two]] as const) {
    await test.step(`list of node ${node}`, async () => {
      const lines = (await daemon.ok("list")).trimEnd().split("\n").slice(1);
      assertEquals(lines.length, MIRRORS);
      const down = lines.filter((line) => /^\S+ +down /.test(line));
      assertEquals(down.map((line) => line.split(" ")[0]).sort(), DOWN);
      for (const line of down) {
        const [, name = "", reason = ""] = /^(\S+).*\) {2}(\S.*)$/.exec(line) ?? [];
        assertMatch(reason, REASONS[name]!, name);
      }
      for (const name of PLANNED) {
        const line = lines.find((one) => one.startsWith(`${name} `))!;
        assertMatch(line, / disabled .*Downtime until \d{4}-\d\d-\d\d \d\d:\d\d UTC: new disks$/);
      }
      const stale = (await daemon.ok("list", "-stale", "-state=false", "-sort", "name")).trimEnd()
        .split("\n").slice(1);
      assertEquals(stale.map((line) => line.split(" ")[0]), Object.keys(STALE));
      for (const line of stale) assertMatch(line, / +[13]\/4 +\d+ days +/);
    });

    await test.step(`health of node ${node}`, async () => {
      const health = await daemon.ok("health");
      assertStringIncludes(
        health,
        "Mirrors: 18 of 28 enabled are up, 10 down, 4 stale, 1 busy, 2 in planned downtime\n",
      );
      assertMatch(health, /^Lag: +\d+ days at most, of m1[1289]$/m);
      assertEquals((await daemon.cli("health", "-min-up", "60%")).code, 0);
      const failing = await daemon.cli("health", "-min-up", "80%", "-max-lag", "24h");
      assertEquals(failing.code, 1);
      assertStringIncludes(
        failing.stderr,
        "18 of 28 enabled mirrors are up (64.2%), -min-up wants 80%",
      );
      assertMatch(failing.stderr, /m1[1289] is behind by \d+ days, -max-lag allows 24h/);
    });

    await test.step(`page of node ${node}`, async () => {
      const json = await (await daemon.get("/?mirrorstats", { Accept: "application/json" })).json();
      const states = Map.groupBy(
        json.Mirrors as { Name: string; State: string; LastUpdate: string }[],
        ({ State }) => State,
      );
      assertEquals(states.get("down")?.map(({ Name }) => Name).sort(), DOWN);
      assertEquals(states.get("up")?.length, 18);
      assertEquals(states.get("disabled")?.map(({ Name }) => Name).sort(), PLANNED);
      const behind = states.get("up")!.filter(({ LastUpdate }) => LastUpdate !== "up-to-date");
      assertEquals(behind.map(({ Name }) => Name).sort(), Object.keys(STALE));
      const html = await (await daemon.get("/?mirrorstats")).text();
      assertEquals(html.match(/<span class="tag partial">stale</g)?.length, undefined);
      assertEquals(html.match(/<span class="tag bad">outdated</g)?.length, 4);
      assertEquals(html.match(/<span class="tag bad">down</g)?.length, 10);
    });
  }

  await test.step("the webhook", () => {
    assertEquals(hook.told.toSorted(), told);
    assertEquals(new Set(hook.deliveries.map(({ id }) => id)).size, told.length);
    // Each node tells of its own.
    assertEquals(new Set(hook.deliveries.map(({ body }) => body.Node)).size, 2);
    for (const { body } of hook.deliveries) {
      if (body.Event === "stale") {
        assertEquals(body.Cause, STALE[body.Mirror as keyof typeof STALE]);
        assertMatch(body.Reason, /^behind by \d+ h$/);
      } else {
        const cause = body.Cause.replace(/ \((\S+, )?\d+ ms\)$/, "");
        const text = cause === body.Reason || cause === ""
          ? body.Reason
          : `${body.Reason}: ${cause}`;
        assertMatch(text, REASONS[body.Mirror]!, body.Mirror);
      }
    }
  });

  await test.step("mail", async () => {
    const admins = [...DOWN, ...Object.keys(STALE)].filter((name) =>
      Number(name.slice(1)) % 2 === 0
    );
    await waitFor(() => mail.mails.length >= told.length + admins.length, { what: "mails" });
    const to = Map.groupBy(mail.mails, ({ to }) => to.join());
    const subjects = told.map((text) =>
      text.replace(/^down (.*)/, "Mirror $1 is down").replace(
        /^stale (.*)/,
        "Mirror $1 is out of date",
      )
    );
    assertEquals(to.get("ops@example.org")?.map(({ subject }) => subject).sort(), subjects.sort());
    assertEquals(
      [...to.keys()].filter((one) => one !== "ops@example.org").sort(),
      admins.map((name) => `admin@${name}.example`).sort(),
    );
    assertEquals(mail.mails.length, told.length + admins.length);
    const ids = mail.mails.map(({ headers }) => headers["mirrorbits-delivery"]);
    assertEquals(new Set(ids).size, mail.mails.length);
  });

  await test.step("nothing waits, and nothing follows", async () => {
    assertEquals(await cluster.redis.hlen("MIRRORBITS_MESSAGES"), 0);
    const before = hook.deliveries.length;
    await one.ok("disable", "m20");
    await waitFor(() => hook.deliveries.length > before, { what: "the next message" });
    assertEquals(hook.told.slice(before), ["disabled m20"]);
    assert(!one.log.includes("Cannot look after messages"));
  });
});
