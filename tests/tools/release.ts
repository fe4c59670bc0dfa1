/**
 * Makes a release: the executable for every target that Deno compiles for, into `dist/`, with
 * SHA256SUMS and a bill of materials. `deno task release [TARGET…]` makes some targets only. Ends
 * with exit code 1 when a target could not be made, after the others, and says which.
 *
 * @module
 */
import { compile, denoForCompile, megabytes, reachedPackages } from "./compile.ts";
import { denoMessage } from "./deno_message.ts";
import { type LockFile, softwareBill } from "./sbom.ts";

/** A target's file, and the bytes that every program for it has: at which offset, in hexadecimal. */
interface Target {
  readonly file: string;
  readonly marks: readonly (readonly [offset: number, bytes: string])[];
}

/** Every target of `deno compile`. Marks: ELF with its machine, Mach-O with its processor, PE. */
const TARGETS: Readonly<Record<string, Target>> = {
  "x86_64-unknown-linux-gnu": {
    file: "mirrorbits-linux-x64",
    marks: [[0, "7f454c46"], [18, "3e00"]],
  },
  "aarch64-unknown-linux-gnu": {
    file: "mirrorbits-linux-arm64",
    marks: [[0, "7f454c46"], [18, "b700"]],
  },
  "x86_64-apple-darwin": { file: "mirrorbits-macos-x64", marks: [[0, "cffaedfe07000001"]] },
  "aarch64-apple-darwin": { file: "mirrorbits-macos-arm64", marks: [[0, "cffaedfe0c000001"]] },
  "x86_64-pc-windows-msvc": { file: "mirrorbits-windows-x64.exe", marks: [[0, "4d5a"]] },
};

const root = new URL("../../", import.meta.url).pathname;
const encoder = new TextEncoder();
const say = (message: string): void => {
  Deno.stdout.writeSync(encoder.encode(`${message}\n`));
};

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function sha256(path: string): Promise<string> {
  return hexadecimal(
    new Uint8Array(await crypto.subtle.digest("SHA-256", await Deno.readFile(path))),
  );
}

/** A base that DENORT_BIN names is taken for whatever target, right or wrong. */
async function isFor(path: string, { marks }: Target): Promise<boolean> {
  using file = await Deno.open(path);
  const head = new Uint8Array(64);
  await file.read(head);
  return marks.every(([offset, bytes]) => hexadecimal(head.subarray(offset)).startsWith(bytes));
}

async function readJson(name: string): Promise<unknown> {
  return JSON.parse(await Deno.readTextFile(root + name));
}

async function main(wanted: readonly string[]): Promise<number> {
  const unknown = wanted.filter((target) => !Object.hasOwn(TARGETS, target));
  if (unknown.length > 0) {
    say(`error: No target ${unknown.map((target) => `"${target}"`).join(", ")}`);
    say(`hint: Targets are ${Object.keys(TARGETS).join(", ")}`);
    return 2;
  }
  const targets = wanted.length > 0 ? wanted : Object.keys(TARGETS);
  const dist = `${root}dist`;
  await Deno.mkdir(dist, { recursive: true });
  const made: string[] = [];
  const failed: string[] = [];
  for (const target of targets) {
    const { file } = TARGETS[target]!;
    const path = `${dist}/${file}`;
    // What an earlier run left may not pass for this release.
    await Deno.remove(path).catch(() => {});
    const { size, output } = await compile({ output: path, target });
    const right = size > 0 && await isFor(path, TARGETS[target]!);
    if (right) {
      made.push(file);
      say(`${file}: ${megabytes(size)}`);
      continue;
    }
    failed.push(target);
    await Deno.remove(path).catch(() => {});
    const wrongBase = size > 0 || /Invalid object/.test(output);
    const reason = wrongBase ? "DENORT_BIN names a base for another machine" : denoMessage(output);
    say(`${file}: FAILED: ${reason}`);
  }

  const { name, version, license } = await readJson("deno.json") as Record<string, string>;
  const lock = await readJson("deno.lock") as LockFile;
  const subject = {
    name: name!.split("/").at(-1)!,
    version: version!,
    license: license!,
    madeAt: Date.now(),
  };
  const bill = softwareBill(subject, lock, await reachedPackages());
  await Deno.writeTextFile(`${dist}/mirrorbits.cdx.json`, `${JSON.stringify(bill, null, 2)}\n`);
  say(`mirrorbits.cdx.json: ${(bill.components as unknown[]).length} packages`);

  const sums: string[] = [];
  for (const file of [...made, "mirrorbits.cdx.json"]) {
    sums.push(`${await sha256(`${dist}/${file}`)}  ${file}\n`);
  }
  await Deno.writeTextFile(`${dist}/SHA256SUMS`, sums.join(""));
  say(`${made.length} of ${targets.length} targets made in ${dist}`);
  if (failed.length === 0) return 0;
  say(`error: Cannot make ${failed.join(", ")} with "${denoForCompile()}"`);
  say("hint: Deno downloads the base of each executable from dl.deno.land");
  return 1;
}

Deno.exit(await main(Deno.args));
