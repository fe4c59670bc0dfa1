import { assertThrows } from "@std/assert";
import type { ListedFile } from "../../lib/catalog/file.ts";
import { ListingError } from "../../lib/scan/lister.ts";
import { ListingBounds } from "../../lib/scan/listing_bounds.ts";

const files = (count: number, path = "/a"): ListedFile[] =>
  Array.from({ length: count }, () => ({ path, size: 1, modTime: 0 }));

Deno.test("ListingBounds lets a million files through, or twenty times the source", () => {
  for (const [source, most] of [[1, 1_000_000], [60_000, 1_200_000]] as const) {
    const bounds = new ListingBounds(source);
    for (let count = 0; count < most; count += 100_000) bounds.add(files(100_000));
    assertThrows(() => bounds.add(files(1)), ListingError, `more than ${most} files`);
    bounds.check(4 * most);
    assertThrows(() => bounds.check(4 * most + 1), ListingError, `more than ${4 * most} lines`);
  }
});

Deno.test("ListingBounds bounds what the paths hold", () => {
  const bounds = new ListingBounds(1);
  const batch = files(1000, "x".repeat(4000));
  for (let count = 0; count < 64; count++) bounds.add(batch);
  assertThrows(() => bounds.add(batch), ListingError, "more than 256000000 characters");
});
