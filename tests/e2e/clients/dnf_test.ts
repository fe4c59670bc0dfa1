import { assert, assertEquals } from "@std/assert";
import { waitFor } from "../../support/wait_for.ts";
import { PYTHON } from "../../tools/install.ts";
import { Stand } from "./stand.ts";

const REPOMD = "/r/repodata/repomd.xml";

/** Loads a repository as DNF does. Prints the mirror and the revision, or fails. */
const LIBREPO = `
import librepo, sys
handle, result = librepo.Handle(), librepo.Result()
handle.repotype = librepo.LR_YUMREPO
handle.metalinkurl = sys.argv[1]
handle.destdir = sys.argv[2]
handle.checksum = True
handle.yumdlist = librepo.LR_YUM_REPOMDONLY
handle.perform(result)
print(result.yum_repomd["revision"])
`;

/** The metadata of a repository without packages. */
async function makeRepository(directory: string, revision: string): Promise<void> {
  await Deno.mkdir(directory, { recursive: true });
  const { success, stderr } = await new Deno.Command("createrepo_c", {
    args: ["-q", "--revision", revision, directory],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

async function copyTree(from: string, to: string): Promise<void> {
  await Deno.remove(to, { recursive: true }).catch(() => {});
  const { success } = await new Deno.Command("cp", { args: ["-a", from, to] }).output();
  assert(success);
}

for (const [store, sets] of [["embedded", []], ["redis", []], ["embedded", ["rpm"]]] as const) {
  const how = `the ${store} store${sets.length > 0 ? " and a metadata set" : ""}`;
  Deno.test(`DNF gets along with mirrors that are behind, with ${how}`, async () => {
    await using stand = await Stand.start({ "/other": "x" }, { MetadataSets: sets }, store);
    const { daemon, repository, trees: [de, fr] } = stand;
    const repo = `${repository}/r`;
    await makeRepository(repo, "1001");
    for (const tree of [de, fr]) await copyTree(repo, `${tree}/r`);
    await stand.scanAll();
    const url = stand.url(`${REPOMD}?metalink`);
    let runs = 0;
    const load = async () => {
      const to = `${stand.home}/${runs++}`;
      await Deno.mkdir(to);
      return await stand.run(PYTHON, "-W", "ignore", "-c", LIBREPO, url, to);
    };
    assertEquals(await load(), { code: 0, output: "1001\n" });

    // The source and one mirror have a new one: who is listed first has it, the other will do.
    await makeRepository(repo, "1002");
    await copyTree(repo, `${fr}/r`);
    await stand.scanAll();
    const both = [stand.mirrors[1].url, stand.mirrors[0].url].join();
    let metalink = "";
    // A revision of a set counts when it has been quiet.
    await waitFor(async () => {
      metalink = await (await daemon.get(`${REPOMD}?metalink`)).text();
      const bases = [...metalink.matchAll(/>(http:\S+?)r\/repodata/g)].map(([, base]) => base);
      return bases.join() === both;
    }, { what: "the mirror with the present revision to be the first of two" });
    assertEquals(metalink.match(/<mm0:alternate>/g)?.length, 1);
    assertEquals(await load(), { code: 0, output: "1002\n" });
    stand.mirrors[1].answer = () => new Response("no", { status: 404 });
    assertEquals(await load(), { code: 0, output: "1001\n" });
    stand.mirrors[1].answer = null;

    // One that nobody knows is refused; so is one that was taken back.
    const unknown = await Deno.readTextFile(`${de}${REPOMD}`);
    stand.mirrors[1].answer = () => new Response("no", { status: 404 });
    stand.mirrors[0].answer = (path) =>
      path === REPOMD ? new Response(unknown.replace("1001", "9999")) : null;
    const refused = await load();
    assertEquals(refused.code !== 0, true, refused.output);
    stand.mirrors[0].answer = null;
    const said = await daemon.ok("refresh", "-forget-revisions", REPOMD);
    assert(said.includes("Forgot 1 former version"), said);
    assertEquals((await load()).code !== 0, true);
    stand.mirrors[1].answer = null;
    assertEquals(await load(), { code: 0, output: "1002\n" });

    // DNF itself, with a variable in the URL.
    await Deno.mkdir(`${stand.home}/repos`);
    const line = stand.url("/$name/repodata/repomd.xml?metalink");
    await Deno.mkdir(`${stand.home}/vars`);
    await Deno.writeTextFile(`${stand.home}/vars/name`, "r\n");
    for (const key of ["metalink", "mirrorlist"]) {
      await Deno.writeTextFile(
        `${stand.home}/repos/x.repo`,
        `[x]\nname=x\nenabled=1\ngpgcheck=0\n${key}=${line}\n`,
      );
      const made = await stand.run(
        "dnf",
        ...["--releasever=1", "-y", `--setopt=reposdir=${stand.home}/repos`],
        ...[`--setopt=cachedir=${stand.home}/${key}`, `--setopt=varsdir=${stand.home}/vars`],
        ...[`--setopt=logdir=${stand.home}`, `--setopt=persistdir=${stand.home}/p`, "makecache"],
      );
      assert(made.code === 0 && /Metadata cache created/.test(made.output), made.output);
    }
  });
}
