import { assert, assertEquals } from "@std/assert";
import { Redirects } from "../../lib/http/redirects.ts";
import { serverHeader } from "../../lib/http/headers.ts";
import { indexedFile, MIRRORS } from "./fixtures.ts";

const SERVER = serverHeader("1.2.3");
const route = {
  lasting: true,
  stops: MIRRORS.slice(0, 3).map((mirror) => ({ mirror, url: mirror.httpUrl })),
};

Deno.test("Redirects.to() answers alike the first time and later, each time with another response", () => {
  const redirects = new Redirects();
  const file = indexedFile("/pool/file.iso");
  const responses = Array.from({ length: 5 }, () => redirects.to(SERVER, file, route));
  assertEquals(new Set(responses).size, 5);
  for (const response of responses) {
    assertEquals(response.status, 302);
    assertEquals([...response.headers], [...responses[0]!.headers]);
  }
  const { headers } = responses[4]!;
  assertEquals(headers.get("location"), "http://m1.example/pool/file.iso");
  assertEquals(headers.get("link")?.split(", ").length, 2);
  headers.set("location", "changed");
  assertEquals(
    redirects.to(SERVER, file, route).headers.get("location"),
    "http://m1.example/pool/file.iso",
  );
});

Deno.test("Redirects.to() keeps answers for thousands of files apart", () => {
  const redirects = new Redirects();
  const files = Array.from({ length: 9000 }, (_, index) => indexedFile(`/pool/${index}.iso`));
  for (const file of files) {
    for (let count = 0; count < 3; count++) {
      const location = redirects.to(SERVER, file, route).headers.get("location") ?? "";
      assert(location.endsWith(file.file.path), location);
    }
  }
});

Deno.test("Redirects.to() names every mirror of a route in order, whatever chance makes of it", () => {
  const redirects = new Redirects();
  const file = indexedFile("/a b/c#d.iso");
  const lists = [route.stops, route.stops.toReversed(), route.stops.slice(1)];
  for (const lasting of [true, false]) {
    for (let count = 0; count < 3; count++) {
      for (const stops of lists) {
        const { headers } = redirects.to(SERVER, file, { lasting, stops });
        assertEquals(headers.get("location"), `${stops[0]!.url}a%20b/c%23d.iso`);
        const expected = stops.slice(1).map(({ mirror, url }, index) =>
          `<${url}a%20b/c%23d.iso>; rel=duplicate; pri=${index + 1}; geo=${
            (mirror.countryCodes[0] ?? "").toLowerCase()
          }`
        );
        assertEquals(headers.get("link"), expected.join(", "));
      }
    }
  }
});
