import { assert, assertEquals } from "@std/assert";
import { readArguments } from "../cli/arguments.ts";
import { COMMANDS } from "../cli/commands.ts";
import { GLOBAL_FLAGS } from "../cli/global_flags.ts";
import { TOPICS } from "../cli/topics.ts";
import { CONFIG_KEYS } from "../lib/config/config_keys.ts";
import manifest from "../deno.json" with { type: "json" };
import { environmentVariable } from "../lib/config/environment_variable.ts";

const root = new URL("../", import.meta.url);

/** Words in code that look like keys of the configuration and belong to others. */
const FOREIGN_KEYS = ["WatchdogSec", "GeoLite2"];

/** Variables that are no key of the configuration. */
const OTHER_VARIABLES = ["HOST", "PORT", "PASSWORD", "USER", "ORIGINAL", "DELIVERY"].map((end) =>
  `MIRRORBITS_${end}`
);

const commands = await COMMANDS.all();
const keys = Object.values(CONFIG_KEYS).map(({ name }) => name);
/** Keys of the entries of lists and maps. */
const nested = Object.values(CONFIG_KEYS).flatMap((key) => "nested" in key ? key.nested ?? [] : []);
const readme = await Deno.readTextFile(new URL("README.md", root));
const pages = [
  { name: "README", text: readme },
  ...await Promise.all(TOPICS.map(async ({ name, load }) => ({
    name,
    text: (await load()).default,
  }))),
];

/** What stands in code: spans, and the lines of blocks. */
function codeIn(text: string): string[] {
  const blocks = [...text.matchAll(/^```.*\n([^]*?)^```/gm)].flatMap(([, block = ""]) =>
    block.split("\n")
  );
  const spans = text.replaceAll(/^```[^]*?^```/gm, "").matchAll(/`([^`]+)`/g);
  return [...blocks, ...Array.from(spans, ([, span = ""]) => span.replaceAll(/\s+/g, " "))];
}

/** Command lines of the program in code, without its name. */
function commandLines(code: readonly string[]): string[][] {
  return code.flatMap((line) => {
    const [, rest] = /(?:^|[\s(])mirrorbits (?!mirrorbits )(.*)$/.exec(line.replace(/ #.*$/, "")) ??
      [];
    if (rest === undefined) return [];
    return [rest.split(/[)>|;&]/, 1)[0]!.replaceAll(/[[\]"…]/g, "").trim().split(/\s+/)];
  });
}

/** What is wrong with a command line; `null`: nothing. */
function mistakeIn(words: readonly string[]): string | null {
  const operands: string[] = [];
  for (const argument of readArguments(GLOBAL_FLAGS, words, { stopAtOperand: true })) {
    if (argument.kind === "operand") operands.push(argument.text);
    else if (argument.kind === "malformed" || !argument.flag) return `${words[0]} is no option`;
  }
  const [name = "", ...rest] = operands;
  if (!/^[a-z]/.test(name)) return null;
  const command = commands.find((one) => one.name === name);
  if (!command) return `${name} is no command`;
  const subject = rest[0];
  if (name === "help" && subject !== undefined && /^[a-z]/.test(subject)) {
    const known = [...COMMANDS.names, ...TOPICS.map((topic) => topic.name)].includes(subject);
    return known ? null : `${subject} is no topic`;
  }
  for (const argument of readArguments(command.flags, rest)) {
    if (argument.kind === "option" && !argument.flag) return `${name} has no -${argument.name}`;
  }
  return null;
}

Deno.test("every page is a topic, and every topic has its page", async () => {
  const files: string[] = [];
  for await (const { name } of Deno.readDir(new URL("cli/topics/", root))) files.push(name);
  assertEquals(files.sort(), TOPICS.map(({ name }) => `${name}.md`));
  for (const { name, text } of pages) assert(/^# \S.*\n\n\S/.test(text), `${name} has no title`);
});

Deno.test("the README has 3 000 words at most, and names every command and topic", () => {
  const words = readme.split(/\s+/).length;
  assert(words <= 3000, `It has ${words} words: longer text belongs to a topic`);
  const code = codeIn(readme);
  const named = code.flatMap((span) => span.split(/[\s|[\]\\]+/));
  assertEquals(COMMANDS.names.filter((name) => !named.includes(name)), []);
  assertEquals(TOPICS.filter(({ name }) => !named.includes(name)), []);
});

Deno.test("the README names every package that is imported", () => {
  const named = codeIn(readme);
  const packages = Object.entries({ ...manifest.imports, ...manifest.scopes["./tests/"] })
    .flatMap(([name, target]) => target.startsWith("npm:") ? [name] : []);
  assertEquals(packages.filter((name) => !named.includes(name)), []);
});

Deno.test("the page on settings names every key", () => {
  const { text } = pages.find(({ name }) => name === "settings")!;
  const named = codeIn(text).flatMap((span) => span.split(/[\s|[\]\\]+/));
  assertEquals(keys.filter((key) => !named.includes(key)), []);
});

Deno.test("pages name commands and options that there are", () => {
  let seen = 0;
  for (const { name, text } of pages) {
    for (const words of commandLines(codeIn(text))) {
      assertEquals(mistakeIn(words), null, `${name}: mirrorbits ${words.join(" ")}`);
      seen++;
    }
  }
  assert(seen > 25, `Only ${seen} command lines found`);
});

Deno.test("pages name keys and variables that there are", () => {
  const known = [...OTHER_VARIABLES, ...keys.map(environmentVariable)];
  let seen = 0;
  for (const { name, text } of pages) {
    for (const code of codeIn(text)) {
      const [key] = /^[A-Z][a-z]+(?:[A-Z]+[a-z]*)+(?=$|:)/.exec(code) ?? [];
      if (key === undefined || FOREIGN_KEYS.includes(key) || nested.includes(key)) continue;
      assert(keys.includes(key), `${name}: ${key} is no key`);
      seen++;
    }
    for (const [, variable = ""] of text.matchAll(/(?<!_)\b(MIRRORBITS_[A-Z_]+[A-Z])\b/g)) {
      assert(known.includes(variable), `${name}: ${variable}`);
    }
  }
  assert(seen > 40, `Only ${seen} keys found`);
});

Deno.test("pages name tasks and files that there are", async () => {
  for (const { name, text } of pages) {
    for (const [, task = ""] of text.matchAll(/\bdeno(?:@[\d.]+)? task ([\w:]+)/g)) {
      assert(Object.hasOwn(manifest.tasks, task), `${name}: deno task ${task}`);
    }
    for (const [path] of text.matchAll(/(?<![\w@/-])(?:tests|lib|cli)\/[\w/.]*\w/g)) {
      const there = await Deno.stat(new URL(path, root)).then(() => true, () => false);
      assert(there, `${name}: ${path}`);
    }
  }
});

Deno.test("what a page may not say is found", () => {
  assertEquals(mistakeIn(["lst"]), "lst is no command");
  assertEquals(mistakeIn(["scan", "-enabel", "x"]), "scan has no -enabel");
  assertEquals(mistakeIn(["help", "proxy"]), "proxy is no topic");
  assertEquals(commandLines(['eval "$(mirrorbits completion bash)"']), [["completion", "bash"]]);
});
