/**
 * Runs everything that must hold: format, lint, types, documentation, tests. Installs the programs
 * that the tests need where it can, otherwise says exactly what to install and fails. The last line
 * counts: `N passed, N failed`.
 *
 * @module
 */
import { install, TOOLS } from "./tools/install.ts";
import { fetchOriginal, ORIGINAL_VARIABLE } from "./tools/original.ts";

const encoder = new TextEncoder();
const say = (message: string): void => {
  Deno.stdout.writeSync(encoder.encode(`${message}\n`));
};

/** Runs Deno with its output shown. */
async function deno(...args: string[]): Promise<boolean> {
  const command = new Deno.Command(Deno.execPath(), {
    args,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  });
  return (await command.output()).success;
}

/** Runs the tests with their output shown, and counts. */
async function runTests(filters: string[]): Promise<{ passed: number; failed: number }> {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const args = ["test", "-P=test", "--doc", "--parallel", `--junit-path=${report}`, ...filters];
    const succeeded = await deno(...args);
    const suites = /<testsuites[^>]*\btests="(\d+)"[^>]*\bfailures="(\d+)"[^>]*\berrors="(\d+)"/
      .exec(await Deno.readTextFile(report));
    const [tests, failures, errors] = suites ? suites.slice(1).map(Number) : [0, 0, 0];
    const failed = Math.max((failures ?? 0) + (errors ?? 0), succeeded ? 0 : 1);
    return { passed: Math.max((tests ?? 0) - failed, 0), failed };
  } finally {
    await Deno.remove(report);
  }
}

const missing = await install(Object.values(TOOLS), say);
if (missing.length > 0) {
  say(`Cannot run the tests: missing ${missing.join(", ")}`);
  say(
    `Install with: apt-get install ${missing.join(" ")} (or your system's packages of that name)`,
  );
  say("0 passed, 1 failed");
  Deno.exit(1);
}

const original = await fetchOriginal(say);
if (original !== null) Deno.env.set(ORIGINAL_VARIABLE, original);

const gates: [string, string[]][] = [
  ["Format", ["fmt", "--check"]],
  ["Lint", ["lint"]],
  ["Types", ["check", "."]],
  ["Documentation", ["doc", "--lint", "mod.ts"]],
];
let passed = 0;
let failed = 0;
if (Deno.args.length === 0) {
  for (const [name, args] of gates) {
    const held = await deno(...args);
    say(`${name}: ${held ? "ok" : "FAILED"}`);
    if (held) passed++;
    else failed++;
  }
}
const tests = await runTests(Deno.args);
passed += tests.passed;
failed += tests.failed;
say(`${passed} passed, ${failed} failed`);
Deno.exit(failed === 0 ? 0 : 1);
