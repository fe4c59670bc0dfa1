import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { FILE_DIFFERENCES } from "../../lib/catalog/file_difference.ts";
import { compareWithSource, type ComparisonRule } from "../../lib/scan/compare_with_source.ts";
import { differentFiles } from "../../lib/scan/different_files.ts";
import { FileTable } from "../../lib/scan/file_table.ts";

const RULE: ComparisonRule = {
  mirror: { compare: null, paths: ["!/private/"] },
  precision: 1000,
  timeZoneOffset: 0,
  tolerance: 0,
};

const table = fc.uniqueArray(
  fc.record({
    path: fc.constantFrom(..."abcdefgh").chain((name) =>
      fc.constantFrom(`/${name}`, `/dir/${name}`, `/dir/deep/${name}`, `/private/${name}`)
    ),
    size: fc.integer({ min: 1, max: 2 }),
    modTime: fc.constantFrom(null, 1000, 2000),
  }),
  { selector: ({ path }) => path, maxLength: 20 },
).map((files) => {
  const all = new FileTable();
  for (const { path, size, modTime } of files) all.add(path, size, modTime);
  return all;
});

Deno.test("differentFiles() names as many files as a scan counts, page by page", () => {
  fc.assert(fc.property(table, table, fc.integer({ min: 1, max: 4 }), (source, copies, limit) => {
    const counts = compareWithSource(source, (path) => copies.version(path), copies.length, RULE);
    for (const kind of FILE_DIFFERENCES) {
      const named: string[] = [];
      for (let more = true; more;) {
        const query = { kind, after: named.at(-1) ?? "", limit };
        const page = differentFiles(source, copies, RULE, query);
        for (const { path, source: here, mirror: there } of page.files) {
          named.push(path);
          assertEquals([here, there], [source.version(path), copies.version(path)]);
        }
        assertEquals(page.files.length <= limit, true);
        more = page.more;
      }
      assertEquals(named, named.toSorted());
      assertEquals(new Set(named).size, named.length);
      assertEquals(named.length, counts[kind], kind);
    }
  }));
});
