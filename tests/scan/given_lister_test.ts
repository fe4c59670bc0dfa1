import { assert, assertEquals, assertRejects } from "@std/assert";
import type { ListedFile } from "../../lib/catalog/file.ts";
import { GivenLister } from "../../lib/scan/given_lister.ts";
import { ListingError } from "../../lib/scan/lister.ts";

const LINE = "-rw-r--r--          1,234 2026/11/22 15:04:05 ";

async function read(text: string, size = 7): Promise<ListedFile[]> {
  const bytes = new TextEncoder().encode(text);
  const chunks = Array.from(
    { length: Math.ceil(bytes.length / size) },
    (_, i) => bytes.slice(i * size, (i + 1) * size),
  );
  const lister = new GivenLister(ReadableStream.from(chunks));
  const files: ListedFile[] = [];
  const { signal } = new AbortController();
  for await (const batch of lister.list("", signal).files) files.push(...batch);
  return files;
}

async function refused(text: string): Promise<string> {
  const error = await assertRejects(() => read(text), ListingError);
  return error.message;
}

Deno.test("GivenLister reads what rsync wrote, and what it says around that", async () => {
  const modTime = Date.UTC(2026, 10, 22, 15, 4, 5);
  const expected = [
    { path: "/a b.iso", size: 1234, modTime },
    { path: "/pool/ü", size: 1234, modTime },
  ];
  const text =
    `receiving incremental file list\ndrwxr-xr-x          4,096 2026/11/22 15:04:05 .\n` +
    `${LINE}a b.iso\n${LINE}pool/\\#303\\#274\n\nsent 20 bytes  received 99 bytes  238.00 bytes/sec\n` +
    "total size is 2,468  speedup is 20.74\n";
  assertEquals(await read(text), expected);
  assertEquals(await read(text, 1), expected);
  assertEquals(await read(text.replaceAll("\n", "\r\n")), expected);
});

Deno.test("GivenLister names lines that rsync did not write, and gives nothing then", async () => {
  const odd = `Welcome!\n${LINE}a\n-rw-r--r--          x 2026/11/22 15:04:05 b\n${LINE}../c\n`;
  assertEquals(
    await refused(odd),
    'The listing has 3 lines that rsync did not write: line 1: It is no line of a listing: "Welcome!"; ' +
      'line 3: The size is no number: "-rw-r--r--          x 2026/11/22 15:04:05 b"; ' +
      `line 4: The name leads elsewhere: "${LINE}../c"`,
  );
  const many = await refused("x\n".repeat(5000) + `${LINE}a\n`);
  assert(many.endsWith("; and 4990 more"), many);
  assert(many.length < 2000);
  assert((await refused("y".repeat(40_000) + `\n${LINE}a\n`)).includes("line 1: It is too long"));
});

Deno.test("GivenLister takes no listing that is not whole, or empty", async () => {
  assertEquals(
    await refused(`${LINE}a\n${LINE}b`),
    "The listing ends in the middle of a line: it is not whole",
  );
  assertEquals(await refused(""), "The listing has no files");
  assertEquals(
    await refused("drwxr-xr-x          4,096 2026/11/22 15:04:05 .\n"),
    "The listing has no files",
  );
});

Deno.test("GivenLister ends with its signal", async () => {
  const stop = new AbortController();
  const lister = new GivenLister(ReadableStream.from([new TextEncoder().encode(`${LINE}a\n`)]));
  stop.abort(new Error("stopped"));
  await assertRejects(
    async () => {
      for await (const _ of lister.list("", stop.signal).files);
    },
    Error,
    "stopped",
  );
});
