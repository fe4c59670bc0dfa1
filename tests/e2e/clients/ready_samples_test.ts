import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parse } from "yaml";
import { READY_SAMPLES } from "../../../lib/config/ready_samples.ts";
import { waitFor } from "../../support/wait_for.ts";
import {
  aptRoot,
  dnf,
  type PackageName,
  pacman,
  publishArch,
  publishDeb,
  publishRpm,
  run,
} from "./repositories.ts";
import { sampleBytes, Stand } from "./stand.ts";

const FIRST = { name: "alpha", version: "1.0" };
const SECOND = { name: "alpha", version: "1.1" };

/** Two mirrors and a daemon with the configuration for a kind of repository, in its own words. */
async function standFor(
  kind: keyof typeof READY_SAMPLES,
  publish: (root: string) => Promise<void>,
): Promise<Stand> {
  const { Repository: _, ListenAddress: __, ...config } = parse(READY_SAMPLES[kind]);
  const stand = await Stand.start({ "/other": "x" }, {
    ...{ PieceHashes: false, Torrents: false, Zsync: false, Hashes: { SHA256: true } },
    ...config,
  });
  await publish(stand.repository);
  for (const tree of stand.trees) await copy(stand.repository, tree);
  await stand.scanAll();
  return stand;
}

async function copy(from: string, to: string): Promise<void> {
  await run("cp", ["-a", `${from}/.`, to]);
}

/** Waits until both mirrors are whole at a revision of the set. */
async function bothServe(stand: Stand, root: string): Promise<void> {
  let said = "";
  await waitFor(async () => {
    said = await stand.daemon.ok("sets");
    return said.startsWith(root) && /serve: (de, fr|fr, de)$/m.test(said);
  }, { what: `both mirrors to serve the set of ${root}` }).catch((error) => {
    throw new Error(said, { cause: error });
  });
}

/** The source and one mirror have a new version; the other one is behind. */
async function publishOnOne(
  stand: Stand,
  publish: (root: string, name: PackageName) => Promise<void>,
): Promise<void> {
  await publish(stand.repository, SECOND);
  await copy(stand.repository, stand.trees[1]);
  await stand.scanAll();
}

Deno.test("config sample -for apt: apt gets all of it, also while a mirror is behind", async () => {
  await using stand = await standFor("apt", (root) => publishDeb(root, FIRST));
  await bothServe(stand, "/dists/lab/InRelease");
  const { apt } = await aptRoot(`${stand.home}/apt`, `${stand.url("/")} lab main`);
  const said = await apt("update");
  assert(!/^(W|E|Err)/m.test(said), said);
  await apt("install", "--download-only", "alpha");
  await publishOnOne(stand, publishDeb);
  for (let i = 0; i < 5; i++) {
    const again = await aptRoot(`${stand.home}/apt${i}`, `${stand.url("/")} lab main`);
    const said = await again.apt("update");
    assert(!/^(W|E|Err)/m.test(said), said);
  }
});

Deno.test("config sample -for rpm: dnf gets all of it, by its URL and by metalink", async () => {
  await using stand = await standFor("rpm", async (root) => {
    await publishRpm(root, FIRST);
    // createrepo_c is at work.
    await Deno.mkdir(`${root}/.repodata`);
    await Deno.writeTextFile(`${root}/.repodata/half.xml`, "<");
  });
  await bothServe(stand, "/repodata/repomd.xml");
  const base = `baseurl=${stand.url("/")}`;
  const metalink = `metalink=${stand.url("/repodata/repomd.xml?metalink")}`;
  await dnf(`${stand.home}/base`, base, "install", "--downloadonly", "alpha");
  await dnf(`${stand.home}/metalink`, metalink, "install", "--downloadonly", "alpha");
  const half = await fetch(stand.url("/.repodata/half.xml"), { redirect: "manual" });
  await half.body?.cancel();
  assertEquals(half.status, 404, "what is still being written");
  await Deno.remove(`${stand.repository}/.repodata`, { recursive: true });
  await publishOnOne(stand, publishRpm);
  for (let i = 0; i < 3; i++) {
    await dnf(`${stand.home}/base${i}`, base, "makecache");
    await dnf(`${stand.home}/metalink${i}`, metalink, "install", "--downloadonly", "alpha");
  }
});

Deno.test("config sample -for arch: pacman gets all of it", async () => {
  await using stand = await standFor("arch", (root) => publishArch(root, FIRST));
  await bothServe(stand, "/core/os/x86_64/core.db.tar.gz");
  const server = `Server = ${stand.url("/$repo/os/$arch")}\n`;
  await pacman(`${stand.home}/arch`, server, "-Syw", "alpha");
  await Deno.stat(`${stand.home}/arch/cache/alpha-1.0-1-any.pkg.tar.gz`);
  await publishOnOne(stand, publishArch);
  for (let i = 0; i < 3; i++) {
    await pacman(`${stand.home}/arch${i}`, server, "-Syw", "alpha");
  }
});

// There is no apk here to try it with: neither Debian nor npm has one.
Deno.test("config sample -for alpine: APKINDEX.tar.gz is the root of a set", async () => {
  await using stand = await standFor("alpine", async (root) => {
    await Deno.mkdir(`${root}/v3/main/x86_64`, { recursive: true });
    await Deno.writeTextFile(`${root}/v3/main/x86_64/APKINDEX.tar.gz`, "index");
    await Deno.writeTextFile(`${root}/v3/main/x86_64/alpha-1.0-r0.apk`, "package");
  });
  await bothServe(stand, "/v3/main/x86_64/APKINDEX.tar.gz");
  for (const name of ["APKINDEX.tar.gz", "alpha-1.0-r0.apk"]) {
    const response = await fetch(stand.url(`/v3/main/x86_64/${name}`));
    await response.body?.cancel();
    assertEquals(stand.mirrors.some(({ url }) => response.url.startsWith(url)), true);
  }
});

Deno.test("config sample -for iso: curl and aria2 get and check an image", async () => {
  const bytes = sampleBytes(20_000_000);
  await using stand = await standFor("iso", (root) => Deno.writeFile(`${root}/big.iso`, bytes));
  await stand.ok("curl", "-fsSL", "-o", "curl.iso", stand.url("/big.iso"));
  await stand.same("curl.iso", "/big.iso");
  await waitFor(async () => {
    const metalink = await (await fetch(stand.url("/big.iso?meta4"))).text();
    return metalink.includes("<pieces");
  }, { what: "the metalink to have the hashes of the pieces" });
  await stand.ok("aria2c", "-q", "--follow-metalink=mem", stand.url("/big.iso.meta4"));
  await stand.same("big.iso", "/big.iso");
  assertStringIncludes(await (await fetch(stand.url("/big.iso?sha256"))).text(), "  big.iso");
  // One that no mirror has yet comes from here.
  await Deno.writeFile(`${stand.repository}/new.iso`, bytes);
  await stand.daemon.ok("refresh");
  const where = await stand.ok(
    "curl",
    ...["-fsSL", "-o", "new.iso", "-w", "%{url_effective}", stand.url("/new.iso")],
  );
  assertEquals(where, stand.url("/new.iso"));
  await stand.same("new.iso", "/new.iso");
});
