import { assertEquals } from "@std/assert";
import { toCsv } from "../../lib/catalog/csv.ts";

Deno.test("toCsv() quotes what has to be quoted, and lets nothing be a formula", () => {
  assertEquals(
    toCsv(["a", "b"], [["x,y", 1], ['"q"', -2], ["line\nbreak", null], ["=1+1", 0], ["-x", 5]]),
    'a,b\n"x,y",1\n"""q""",-2\n"line\nbreak",\n\'=1+1,0\n\'-x,5\n',
  );
});
