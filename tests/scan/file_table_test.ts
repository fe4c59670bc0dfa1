import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { FileTable } from "../../lib/scan/file_table.ts";

const paths = fc.uniqueArray(
  fc.array(fc.constantFrom("a", "b", "ü"), { minLength: 1, maxLength: 4 })
    .map((names) => `/${names.join("/")}`),
  { maxLength: 40 },
);

Deno.test("FileTable.directories() knows the directory of each file, also of those that come later", () => {
  fc.assert(fc.property(paths, paths, (early, late) => {
    const table = new FileTable();
    for (const [index, part] of [early, late].entries()) {
      for (const path of part) {
        const slot = table.find(path);
        if (slot < 0) table.add(path, index, null);
        else table.replace(slot, index, null);
      }
      const { numbers, paths: directories } = table.directories();
      for (const path of table.paths()) {
        const directory = directories[numbers[table.find(path)]!];
        assertEquals(directory, path.slice(0, path.lastIndexOf("/") + 1));
      }
      assertEquals(new Set(directories).size, directories.length);
    }
  }));
});

Deno.test("FileTable.directories() grows with the table", () => {
  const table = new FileTable();
  for (let i = 0; i < 5_000; i++) {
    table.add(`/${i % 7}/${i}`, i, null);
    if (i % 1_111 === 0) table.directories();
  }
  const { numbers, paths } = table.directories();
  assertEquals(paths, ["/0/", "/1/", "/2/", "/3/", "/4/", "/5/", "/6/"]);
  for (let i = 0; i < 5_000; i++) assertEquals(numbers[i], i % 7);
});

Deno.test("FileTable.find() finds in any order what a plain map does", () => {
  fc.assert(fc.property(
    paths,
    fc.infiniteStream(fc.record({ add: fc.boolean(), next: fc.nat(50) })),
    (all, steps) => {
      const table = new FileTable();
      const known = new Map<string, number>();
      for (const { add, next } of steps.take(120)) {
        const path = all[next] ?? "/not/there";
        if (add && !known.has(path)) {
          known.set(path, known.size);
          assertEquals(table.add(path, next, null), known.size - 1);
        }
        assertEquals(table.find(path), known.get(path) ?? -1);
        // Most look for one after the other.
        if (next % 5 === 0) {
          for (const [one, slot] of known) assertEquals(table.find(one), slot);
        }
      }
      assertEquals(table.length, known.size);
      assertEquals([...table.paths()], [...known.keys()]);
    },
  ));
});
