import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { FileTable } from "../../lib/scan/file_table.ts";
import { newestFiles } from "../../lib/scan/newest_files.ts";

Deno.test("newestFiles() finds the files that changed last", () => {
  const times = fc.array(fc.option(fc.integer({ min: 0, max: 9 })));
  fc.assert(fc.property(times, fc.integer({ min: 1, max: 5 }), (all, count) => {
    const table = new FileTable();
    all.forEach((time, i) => table.add(`/${i}`, 1, time));
    const expected = all.map((time, i) => ({ path: `/${i}`, time }))
      .filter(({ time }) => time !== null).toSorted((a, b) => b.time! - a.time!)
      .slice(0, count).map(({ path }) => path);
    assertEquals(newestFiles(table, count), expected);
  }));
});
