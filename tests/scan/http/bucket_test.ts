import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { Breather } from "../../../lib/scan/breather.ts";
import { readBucketPage } from "../../../lib/scan/http/bucket_page.ts";
import { compareCodePoints } from "../../../lib/scan/http/bucket_walk.ts";
import { ScanMemory } from "../../../lib/scan/http/scan_memory.ts";
import { ListingError } from "../../../lib/scan/lister.ts";
import { pagesOf } from "./recorded.ts";
import { ScriptedBucket, type ScriptedBucketOptions } from "./scripted_bucket.ts";
import { ScriptedMirror, TIME } from "./scripted_mirror.ts";

const HOUR = 3_600_000;
const breather = new Breather(() => 0, new AbortController().signal);

/** A mirror whose files are objects of a store. */
function sample(options: ScriptedBucketOptions = {}): [ScriptedMirror, ScriptedBucket] {
  const mirror = new ScriptedMirror();
  const names = ["README", "a b/1", "a b/2", "pool/x&y/1", "pool/é", "pool/日本", "pool/\u{1f600}"];
  for (const name of names) mirror.add(`/${name}`, 1000 + name.length);
  return [mirror, ScriptedBucket.of(mirror, options)];
}

/** A mirror with many objects. */
function large(
  count: number,
  options: ScriptedBucketOptions = {},
): [ScriptedMirror, ScriptedBucket] {
  const mirror = new ScriptedMirror();
  for (let n = 0; n < count; n++) mirror.add(`/pool/${n % 7}/${n}`, 500);
  return [mirror, ScriptedBucket.of(mirror, options)];
}

for (
  const options of [{}, { path: "/base/" }, { page: 2 }, { page: 2, first: true }, {
    encodes: true,
  }]
) {
  Deno.test(`HttpLister reads an object store: ${JSON.stringify(options)}`, async () => {
    const [mirror, bucket] = sample(options);
    const { files, unread, warnings } = await mirror.scan();
    const expected = mirror.source.map((file) => ({ ...file, modTime: null }));
    assertEquals(files, expected.sort((a, b) => a.path < b.path ? -1 : 1));
    assertEquals([unread, warnings], [[], []]);
    assertEquals(mirror.asked.filter((one) => one.startsWith("HEAD")), []);
    // The next scan knows what it is.
    await mirror.scan();
    const pages = options.page === 2 ? 4 : 1;
    assertEquals(mirror.asked.length, pages + 1);
    assertEquals(bucket.queries.at(-1)!.includes("list-type=2"), options.first !== true);
  });
}

Deno.test("HttpLister judges objects by size, upload and tag", async () => {
  const [mirror, { objects }] = sample();
  const md5 = "0123456789abcdef0123456789abcdef";
  objects.set("base/a b/1", { size: 7, uploaded: TIME });
  objects.get("base/a b/2")!.uploaded = TIME - 2 * HOUR;
  objects.get("base/README")!.uploaded = TIME - HOUR / 2;
  objects.delete("base/pool/é");
  objects.get("base/pool/日本")!.storageClass = "GLACIER";
  objects.set("base/foreign", { size: 1, uploaded: TIME });
  objects.set("base/pool/", { size: 0, uploaded: TIME });
  mirror.source.push({ path: "/tag", size: 1, modTime: TIME, md5 });
  objects.set("base/tag", { size: 1, uploaded: TIME - 5 * HOUR, etag: `"${md5.toUpperCase()}"` });
  mirror.source.push({ path: "/other tag", size: 1, modTime: TIME, md5 });
  objects.set("base/other tag", { size: 1, uploaded: TIME + HOUR, etag: `"${"f".repeat(32)}"` });
  mirror.source.push({ path: "/parts", size: 1, modTime: TIME, md5 });
  objects.set("base/parts", { size: 1, uploaded: TIME + HOUR, etag: `"${"f".repeat(32)}-3"` });
  const { files } = await mirror.scan();
  assertEquals(files.map(({ path, size, modTime }) => [path, size, modTime]), [
    ["/README", 1006, null],
    ["/a b/1", 7, TIME],
    ["/a b/2", 1005, TIME - 2 * HOUR],
    ["/parts", 1, null],
    ["/pool/x&y/1", 1010, null],
    ["/pool/\u{1f600}", 1007, null],
    ["/tag", 1, null],
  ]);
});

Deno.test("HttpLister makes nothing of tags that all differ, as of encrypted stores", async () => {
  for (const [count, expected] of [[25, 25], [19, 0]] as const) {
    const mirror = new ScriptedMirror();
    const bucket = new ScriptedBucket();
    mirror.react = bucket.react;
    for (let n = 0; n < count; n++) {
      mirror.source.push({ path: `/${n}`, size: 5, modTime: TIME, md5: "0".repeat(32) });
      bucket.objects.set(`base/${n}`, { size: 5, uploaded: TIME, etag: `"${"a".repeat(32)}"` });
    }
    assertEquals((await mirror.scan()).files.length, expected);
    // One that is right shows that they mean something.
    bucket.objects.get("base/0")!.etag = `"${"0".repeat(32)}"`;
    assertEquals((await mirror.scan()).files.length, 1);
  }
});

Deno.test("HttpLister asks for objects where the store lists nothing", async () => {
  const [mirror] = sample({ lists: false });
  const { files } = await mirror.scan();
  // Their time is that of the upload, and the time of the file counts.
  assertEquals(files.map(({ modTime }) => modTime), files.map(() => TIME));
  assertEquals(files.length, 7);
  // No directory is asked for, where the store says that it is one and lists nothing.
  assertEquals(mirror.asked.filter((one) => /^GET \/base\/./.test(one)), []);
  mirror.passed += HOUR;
  await mirror.scan();
  assertEquals([mirror.asked, mirror.known.size], [["GET /robots.txt"], 7]);
});

Deno.test("HttpLister believes no store that goes round, has no end, or breaks off", async () => {
  let first = "";
  const more = (xml: string): string => xml.replace(">false<", ">true<");
  const empty = "<s3:IsTruncated>true</s3:IsTruncated></s3:ListBucketResult>";
  for (
    const [change, message] of [
      [() => first, "not in order"],
      [(xml: string) => xml.slice(0, xml.indexOf("<s3:IsTruncated>")) + empty, "no end"],
      [(xml: string) => more(xml).replace(/<s3:Contents>.*<\/s3:Contents>/s, ""), "no end"],
    ] as const
  ) {
    const [mirror] = large(20, {
      page: 5,
      change: (xml, query) => query.has("continuation-token") ? change(xml) : (first = more(xml)),
    });
    await assertRejects(() => mirror.scan(), ListingError, message);
  }
  // What was read before counts, what was not stays.
  const [mirror, bucket] = large(20, { page: 5 });
  await mirror.scan();
  bucket.objects.delete([...bucket.objects.keys()].sort()[0]!);
  bucket.options = {
    page: 5,
    change: (xml, query) => query.has("continuation-token") ? xml.slice(0, 700) : xml,
  };
  const { files, unread, warnings } = await mirror.scan();
  assertEquals([files.length, unread.length], [5, 14]);
  assertEquals(warnings, ["The scan ended early: It broke off"]);
  assertEquals(mirror.known.size, 19);
  // The next one goes on there, and the one after begins anew.
  bucket.options = { page: 5 };
  const rest = await mirror.scan();
  assertEquals([rest.files.length, rest.unread.length, mirror.known.size], [14, 6, 19]);
  assert(bucket.queries.at(-3)!.includes("start-after="));
  assertEquals((await mirror.scan()).files.length, 19);
});

Deno.test("HttpLister looks again at what a store does not list", async () => {
  const [mirror, bucket] = large(300);
  await mirror.scan();
  assertEquals(mirror.known.size, 300);
  // A cap that is not told.
  const all = [...bucket.objects];
  bucket.options = {
    change: (xml) =>
      xml.replace(/(<s3:Contents>(?:(?!<s3:Contents>).)*){100}$/s, "</s3:ListBucketResult>"),
  };
  assertEquals((await mirror.scan()).files.length, 300);
  // An empty answer.
  bucket.options = { change: (xml) => xml.replace(/<s3:Contents>.*<\/s3:Contents>/s, "") };
  assertEquals((await mirror.scan()).files.length, 300);
  // It is empty.
  bucket.options = {};
  bucket.objects.clear();
  assertEquals((await mirror.scan()).files.length, 0);
  for (const [key, object] of all) bucket.objects.set(key, object);
  assertEquals((await mirror.scan()).files.length, 300);
});

Deno.test("HttpLister leaves out names with + where the store takes it for a blank", async () => {
  const mirror = new ScriptedMirror().add("/libstdc++.deb").add("/g++.deb").add("/a.deb");
  const bucket = ScriptedBucket.of(mirror, { losesPlus: true });
  const { files, warnings } = await mirror.scan();
  assertEquals(files.map(({ path }) => path), ["/a.deb"]);
  assertEquals(warnings, [
    "The object store takes + for a blank: files with + in their names do not count",
  ]);
  bucket.options = {};
  assertEquals((await mirror.scan()).files.length, 3);
});

Deno.test("HttpLister notices that a mirror is a store no more, or became one", async () => {
  const [mirror, bucket] = sample();
  await mirror.scan();
  mirror.react = () => null;
  assertEquals((await mirror.scan()).files.map(({ modTime }) => modTime), Array(7).fill(TIME));
  mirror.react = bucket.react;
  mirror.passed += 7 * HOUR;
  assertEquals((await mirror.scan()).files.map(({ modTime }) => modTime), Array(7).fill(null));
  mirror.react = () => new Response("", { status: 500 });
  await assertRejects(() => mirror.scan(), ListingError, "status code 500");
  mirror.react = () => new Response("", { status: 429, headers: { "retry-after": "900" } });
  await assertRejects(
    () => mirror.scan({ memory: new ScanMemory() }),
    ListingError,
    "asks to wait",
  );
});

Deno.test("readBucketPage() reads what an imitation answered", async () => {
  for (const { path, status, body } of pagesOf("s3rver")) {
    const page = await readBucketPage(new TextDecoder().decode(body), breather);
    assertEquals(page !== null, status === 200, path);
    if (page === null || path.includes("delimiter")) continue;
    const count = path.includes("max-keys=3") ? 3 : 1;
    assert(page.objects.length >= count || path.includes("none/"), path);
    for (const { key, uploaded, etag } of page.objects) {
      assert(key.length > 0 && uploaded !== null && /^[0-9a-f]{32}/.test(etag), key);
    }
  }
});

Deno.test("readBucketPage() takes no page that is cut for a whole one", async () => {
  const { body } = pagesOf("s3rver").find(({ path }) => path.includes("prefix=pool/"))!;
  const text = new TextDecoder().decode(body);
  for (let length = 0; length < text.length; length++) {
    try {
      assertEquals(await readBucketPage(text.slice(0, length), breather), null, `${length}`);
      assert(length < 120);
    } catch (error) {
      assert(error instanceof RangeError, `${length}: ${error}`);
    }
  }
  for (
    const endless of ["<a>".repeat(100), `<Contents><Key>${"x".repeat(9999)}</Key></Contents>`]
  ) {
    const page = `<ListBucketResult>${endless}</ListBucketResult>`;
    await assertRejects(() => readBucketPage(page, breather), RangeError);
  }
});

Deno.test("compareCodePoints() orders texts as their bytes", () => {
  const encoder = new TextEncoder();
  assert(compareCodePoints("\uff01", "\u{1f600}") < 0 && "\uff01" > "\u{1f600}");
  const texts = fc.string({ unit: "binary" });
  fc.assert(fc.property(texts, texts, (one, other) => {
    const [a, b] = [encoder.encode(one), encoder.encode(other)];
    const at = a.findIndex((byte, index) => byte !== b[index]);
    const expected = at < 0 ? a.length - b.length : at < b.length ? a[at]! - b[at]! : 1;
    assertEquals(Math.sign(compareCodePoints(one, other)), Math.sign(expected));
  }));
});
