/**
 * Runs everything that must hold: format, lint, types, documentation, tests, and tests with the oldest
 * Deno that is supported. Installs the programs that the tests need where it can, otherwise says exactly
 * what to install and fails. The last line counts: `N passed, N failed`.
 *
 * @module
 */
import { install, TOOLS } from "./tools/install.ts";
import { failuresIn } from "./tools/junit.ts";
import { findOldest, OLDEST_TESTS } from "./tools/oldest.ts";
import { WITH_TEST_LOCK } from "./tools/test_lock.ts";
import { fetchOriginal, ORIGINAL_VARIABLE } from "./tools/original.ts";

const encoder = new TextEncoder();
const say = (message: string): void => {
  Deno.stdout.writeSync(encoder.encode(`${message}\n`));
};

/** Runs this Deno with its output shown. */
function deno(...args: string[]): Promise<boolean> {
  return run([Deno.execPath()], args);
}

/** Runs a program with its output shown. */
async function run(
  [program, ...first]: readonly [string, ...string[]],
  args: readonly string[],
): Promise<boolean> {
  const command = new Deno.Command(program, {
    args: [...first, ...args],
    // Newer releases trust what the system trusts by themselves.
    env: { DENO_TLS_CA_STORE: Deno.env.get("DENO_TLS_CA_STORE") ?? "system,mozilla" },
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  });
  return (await command.output()).success;
}

/** Runs tests with their output shown, and counts; names again what failed, with the first lines of why. */
async function runTests(
  command: readonly [string, ...string[]],
  options: readonly string[],
): Promise<{ passed: number; failed: number; failures: string[] }> {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const args = [
      "test",
      WITH_TEST_LOCK,
      "-P=test",
      "--parallel",
      `--junit-path=${report}`,
      ...options,
    ];
    const succeeded = await run(command, args);
    const xml = await Deno.readTextFile(report);
    const suites = /<testsuites[^>]*\btests="(\d+)"[^>]*\bfailures="(\d+)"[^>]*\berrors="(\d+)"/
      .exec(xml);
    const [tests, failures, errors] = suites ? suites.slice(1).map(Number) : [0, 0, 0];
    const failed = Math.max((failures ?? 0) + (errors ?? 0), succeeded ? 0 : 1);
    return { passed: Math.max((tests ?? 0) - failed, 0), failed, failures: failuresIn(xml) };
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
  ["Types", ["check", WITH_TEST_LOCK, "."]],
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
const suites = [await runTests([Deno.execPath()], ["--doc", ...Deno.args])];
if (Deno.args.length === 0) {
  const oldest = await findOldest(say);
  if (oldest !== null) suites.push(await runTests(oldest, ["--no-check", ...OLDEST_TESTS]));
}
for (const { failures } of suites) for (const failure of failures) say(failure);
for (const suite of suites) {
  passed += suite.passed;
  failed += suite.failed;
}
say(`${passed} passed, ${failed} failed`);
Deno.exit(failed === 0 ? 0 : 1);
