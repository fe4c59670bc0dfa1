import { assert, assertEquals } from "@std/assert";
import { Redirects } from "../../../lib/http/render/redirects.ts";
import { indexedFile, MIRRORS } from "../fixtures.ts";

const PROGRAM = "Mirrorbits/1.2.3";
const stops = MIRRORS.slice(0, 3)
  .map((mirror, number) => ({ number, mirror, url: mirror.httpUrl }));

Deno.test("Redirects.to() answers alike the first time and later, soon with the same response", () => {
  const redirects = new Redirects(PROGRAM);
  const file = indexedFile("/pool/file.iso");
  const responses = Array.from({ length: 5 }, () => redirects.to(file, [...stops]));
  assertEquals(new Set(responses.slice(1)).size, 1);
  for (const response of responses) {
    assertEquals(response.body, null);
    assertEquals(response.status, 302);
    assertEquals([...response.headers], [...responses[0]!.headers]);
  }
  const { headers } = responses[4]!;
  assertEquals(headers.get("location"), "http://m1.example/pool/file.iso");
  assertEquals(headers.get("link")?.split(", ").length, 2);
});

Deno.test("Redirects.to() keeps answers for thousands of files apart", () => {
  const redirects = new Redirects(PROGRAM);
  const files = Array.from({ length: 9000 }, (_, index) => indexedFile(`/pool/${index}.iso`));
  for (const file of files) {
    for (let count = 0; count < 3; count++) {
      const location = redirects.to(file, stops).headers.get("location") ?? "";
      assert(location.endsWith(file.file.path), location);
    }
  }
});

Deno.test("Redirects.to() names the mirrors in their order, whatever chance makes of it", () => {
  const redirects = new Redirects(PROGRAM);
  const file = indexedFile("/a b/c#d.iso");
  const orders = [stops, stops.toReversed(), stops.slice(1), stops.slice(0, 1)];
  for (let count = 0; count < 3; count++) {
    for (const order of orders) {
      const { headers } = redirects.to(file, order);
      assertEquals(headers.get("location"), `${order[0]!.url}a%20b/c%23d.iso`);
      const expected = order.slice(1).map(({ mirror, url }, index) =>
        `<${url}a%20b/c%23d.iso>; rel=duplicate; pri=${index + 1}; geo=${
          (mirror.countryCodes[0] ?? "").toLowerCase()
        }`
      );
      assertEquals(headers.get("link") ?? "", expected.join(", "));
    }
  }
});

Deno.test("Redirects.to() tells mirrors apart that have the same number", () => {
  const redirects = new Redirects(PROGRAM);
  const file = indexedFile("/pool/file.iso");
  const others = stops.map((stop) => ({ ...stop, url: `${stop.url}other/` }));
  for (let count = 0; count < 4; count++) {
    for (const order of [stops, others]) {
      const location = redirects.to(file, order).headers.get("location");
      assertEquals(location, `${order[0]!.url}pool/file.iso`);
    }
  }
});

Deno.test("Redirects.to() keeps what is asked for again and again, whatever else is asked for", () => {
  const redirects = new Redirects(PROGRAM);
  const hot = indexedFile("/pool/hot.iso");
  for (let count = 0; count < 2; count++) redirects.to(hot, stops);
  const kept = redirects.to(hot, stops);
  // Several of so many come to the same place, and want it more than once.
  for (let index = 0; index < 9000; index++) {
    const other = indexedFile(`/pool/${index}.iso`);
    for (let count = 0; count < 3; count++) {
      redirects.to(other, stops);
      assert(redirects.to(hot, stops) === kept, `It lost its place to ${other.file.path}`);
    }
  }
});

Deno.test("Redirects.to() gives the place of what nobody asks for any more to another", () => {
  const redirects = new Redirects(PROGRAM);
  const cold = indexedFile("/pool/cold.iso");
  for (let count = 0; count < 2; count++) redirects.to(cold, stops);
  const kept = redirects.to(cold, stops);
  for (let index = 0; index < 20_000; index++) {
    const other = indexedFile(`/pool/${index}.iso`);
    for (let count = 0; count < 4; count++) redirects.to(other, stops);
  }
  assert(redirects.to(cold, stops) !== kept);
});
