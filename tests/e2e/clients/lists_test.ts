import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { aptRoot, dnf, pacman, publishArch, publishDeb, publishRpm, run } from "./repositories.ts";
import { Stand } from "./stand.ts";

const PACKAGE = { name: "alpha", version: "1.0" };

/** Two mirrors with what is published; the source has the same. */
async function standWith(publish: (root: string) => Promise<void>): Promise<Stand> {
  const stand = await Stand.start({ "/other": "x" });
  await publish(stand.repository);
  for (const tree of stand.trees) await run("cp", ["-a", `${stand.repository}/.`, tree]);
  await stand.scanAll();
  stand.takeRequests();
  return stand;
}

/** What one of the mirrors was asked for; never the redirector for files. */
function assertReached(stand: Stand, path: string): void {
  const { de, fr } = stand.takeRequests();
  assert([...de, ...fr].some((request) => request.startsWith(path)), [...de, ...fr].join());
}

Deno.test("apt reads the list of mirrors", async () => {
  await using stand = await standWith((root) => publishDeb(root, PACKAGE));
  const list = stand.url("/?mirrors&format=apt").replace("http://", "mirror+http://");
  const { apt } = await aptRoot(`${stand.home}/apt`, `${list} lab main`);
  const said = await apt("update");
  assert(!/^(W|E|Err)/m.test(said), said);
  assertReached(stand, "/dists/lab/InRelease");
  await apt("install", "--download-only", "alpha");
  assertReached(stand, "/pool/alpha_1.0_all.deb");
  // One that is gone is no failure: the list has another.
  stand.mirrors[0].answer = () => new Response("gone", { status: 404 });
  await publishDeb(stand.repository, { ...PACKAGE, version: "1.1" });
  await run("cp", ["-a", `${stand.repository}/.`, stand.trees[1]]);
  const again = await apt("update");
  assert(!/^E/m.test(again), again);
  await apt("install", "--download-only", "alpha=1.1");
});

Deno.test("dnf reads the list of mirrors", async () => {
  await using stand = await standWith((root) => publishRpm(root, PACKAGE));
  const line = `mirrorlist=${stand.url("/?mirrors&format=dnf")}`;
  await dnf(`${stand.home}/dnf`, line, "install", "--downloadonly", "alpha");
  assertReached(stand, "/rpms/alpha-1.0.rpm");
  // Without a format, too: librepo names no form that it wants.
  await dnf(`${stand.home}/dnf2`, `mirrorlist=${stand.url("/?mirrors")}`, "makecache");
  assertReached(stand, "/repodata/repomd.xml");
});

Deno.test("pacman reads the list of mirrors", async () => {
  await using stand = await standWith((root) => publishArch(root, PACKAGE));
  const list = await (await fetch(stand.url("/?mirrors&format=pacman"))).text();
  assertEquals(list.split("\n").length, 3);
  await pacman(`${stand.home}/arch`, list, "-Syw", "alpha");
  assertReached(stand, "/core/os/x86_64/alpha-1.0-1-any.pkg.tar.gz");
});

Deno.test("a mirror that lacks something stands behind those that lack nothing", async () => {
  await using stand = await standWith((root) => publishRpm(root, PACKAGE));
  await Deno.remove(`${stand.trees[0]}/rpms/alpha-1.0.rpm`);
  await stand.scanAll();
  const [de, fr] = stand.mirrors.map(({ url }) => url);
  const list = async (path: string) => await (await fetch(stand.url(path))).text();
  assertEquals(await list("/?mirrors"), `${fr}\n${de}\n`);
  assertEquals(await list("/rpms/?mirrors"), `${fr}rpms/\n`);
  const json = await (await fetch(stand.url("/?mirrors&format=json"))).json();
  assertEquals(json.Mirrors.map(({ Lacking }: { Lacking: number }) => Lacking), [0, 1]);
  // A scan that finds the same keeps what is known.
  await stand.scanAll();
  assertEquals(await list("/?mirrors"), `${fr}\n${de}\n`);
  // A mirror that is removed is forgotten.
  await stand.daemon.ok("remove", "-f", "fr");
  assertEquals(await list("/?mirrors"), `${de}\n`);
  assertStringIncludes(await list("/?badge&name=de"), "de: ");
});
