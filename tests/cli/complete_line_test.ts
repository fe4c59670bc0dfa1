import { assertEquals } from "@std/assert";
import { COMMANDS } from "../../cli/commands.ts";
import { completeLine } from "../../cli/complete_line.ts";
import type { GlobalFlags } from "../../cli/global_flags.ts";

const commands = await COMMANDS.all();

async function complete(...words: string[]): Promise<readonly string[] | "file"> {
  const names = (): Promise<string[]> => Promise.resolve(["zulu", "alpha", "alps"]);
  const completion = await completeLine(words, commands, names);
  return completion === "file" ? completion : completion.map(({ value }) => value);
}

Deno.test("completeLine() offers commands, and options before them", async () => {
  assertEquals((await complete("")).length, commands.length);
  assertEquals(await complete("re"), ["refresh", "release", "reload", "remove"]);
  assertEquals(await complete("-h", "host", "-P", "x", "SHO"), ["show"]);
  assertEquals(await complete("-"), ["-a", "-h", "-p", "-P", "-user", "-version"]);
  assertEquals(await complete("--v"), ["--version"]);
  assertEquals(await complete("-h", ""), []);
  assertEquals(await complete("bogus", ""), []);
  assertEquals(await complete("list", "-sort", ""), ["name", "state", "lag", "country"]);
});

Deno.test("completeLine() offers options of the command and what their values may be", async () => {
  assertEquals(await complete("scan", "-"), [
    ...["-all", "-enable", "-from", "-ftp", "-full", "-http", "-rsync", "-timeout"],
  ]);
  assertEquals(await complete("scan", "-timeout", ""), []);
  assertEquals(await complete("scan", "-timeout=3", "-en"), ["-enable"]);
  assertEquals(await complete("edit", "alpha", "-set", "Sc"), ["Score="]);
  assertEquals(await complete("daemon", "-config", ""), "file");
  assertEquals(await complete("import", "-prune", "x"), "file");
  assertEquals(await complete("import", "x", "y"), []);
});

Deno.test("completeLine() offers the words and the mirrors that an operand may be", async () => {
  assertEquals(await complete("show", ""), ["alpha", "alps", "zulu"]);
  assertEquals(await complete("show", "AL"), ["alpha", "alps"]);
  assertEquals(await complete("show", "alpha", ""), []);
  assertEquals(await complete("export", "m"), ["mirmon"]);
  assertEquals(await complete("export", "-http=false", "y"), ["yaml"]);
  assertEquals(await complete("stats", "m"), ["mirrors", "mirror"]);
  assertEquals(await complete("stats", "-start-date", "2026-01-01", "mirror", "z"), ["zulu"]);
  assertEquals(await complete("list", ""), []);
  assertEquals(await complete("help", "sho"), ["show"]);
  assertEquals(await complete("help", "s"), [
    "scan",
    "sets",
    "show",
    "simulate",
    "stats",
    "store",
    "sync",
    "systemd-unit",
    "scans",
    "settings",
    "statistics",
    "stores",
  ]);
});

Deno.test("completeLine() asks the daemon that the command line names, and no other", async () => {
  const asked: GlobalFlags[] = [];
  const names = (flags: GlobalFlags): Promise<string[]> => {
    asked.push(flags);
    return Promise.reject(new Error("connection refused"));
  };
  assertEquals(await completeLine(["-p", "99", "-h=there", "show", ""], commands, names), []);
  assertEquals([asked.length, asked[0]?.p, asked[0]?.h, asked[0]?.P], [1, 99, "there", ""]);
  await completeLine(["show", "-"], commands, names);
  await completeLine(["list", ""], commands, names);
  assertEquals(asked.length, 1);
  // What cannot be understood is no reason to print errors into a prompt.
  assertEquals(await completeLine(["-p", "x", "show", ""], commands, names), []);
});
