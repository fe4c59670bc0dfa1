import { assert, assertEquals } from "@std/assert";
import { ISO, sampleBytes, Stand } from "./stand.ts";

const BYTES = sampleBytes(6_000_000);
const NAMED = "/iso/a b+ü.iso";

for (const store of ["embedded", "redis"] as const) {
  Deno.test(`zsync repairs an old copy from the mirrors, with the ${store} store`, async () => {
    const files = { [ISO]: BYTES, [NAMED]: sampleBytes(1_200_000, 7) };
    await using stand = await Stand.start(files, {}, store);
    const old = BYTES.slice();
    old.fill(0, 3_000_000, 3_002_000);
    await Deno.writeFile(`${stand.home}/old`, old);
    for (const target of [`${ISO}.zsync`, `${ISO}?zsync`]) {
      for (const mirror of stand.mirrors) mirror.sent = 0;
      await stand.ok("zsync", "-q", "-i", "old", "-o", "test.iso", stand.url(target));
      await stand.same("test.iso", ISO);
      // Two blocks or three of 2 KiB, from one of the two.
      const sent = stand.mirrors.map((mirror) => mirror.sent).sort((a, b) => a - b);
      assert(sent[1]! > 0 && sent[1]! + sent[0]! <= 3 * 2048, `${sent}`);
    }
    await stand.ok("zsync", "-q", stand.url("/iso/a%20b+%C3%BC.iso?zsync"));
    await stand.same("a b+ü.iso", NAMED);

    const { headers } = await stand.daemon.get(`${ISO}?zsync`);
    const head = await fetch(stand.url(`${ISO}?zsync`), { method: "HEAD" });
    assertEquals([head.status, await head.text()], [200, ""]);
    assertEquals(head.headers.get("content-length"), headers.get("content-length"));
    assertEquals(Number(headers.get("content-length")) > 20 * BYTES.length / 2048, true);

    // A mirror that changed the bytes: never a wrong file with status 0.
    for (const mirror of stand.mirrors) mirror.answer = () => new Response("no", { status: 404 });
    const failed = await stand.run(
      "zsync",
      "-q",
      "-i",
      "old",
      "-o",
      "x",
      stand.url(`${ISO}.zsync`),
    );
    assert(failed.code !== 0, failed.output);
  });
}
