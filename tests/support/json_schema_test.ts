import { assertEquals, assertThrows } from "@std/assert";
import { schemaOffences } from "./json_schema.ts";

const ROOT = { parts: { Name: { type: "string" } } };
const SCHEMA = {
  type: "object",
  required: ["name"],
  additionalProperties: false,
  properties: {
    name: { $ref: "#/parts/Name" },
    age: { type: ["integer", "null"], minimum: 0 },
    day: { type: "string", format: "date" },
    kind: { oneOf: [{ const: "a" }, { enum: ["b", "c"] }] },
    list: { type: "array", items: { type: "boolean" } },
  },
};

Deno.test("schemaOffences() finds nothing where a value fits", () => {
  const full = { name: "x", age: null, day: "2026-11-22", kind: "c", list: [true] };
  for (const value of [{ name: "x" }, full]) {
    assertEquals(schemaOffences(value, SCHEMA, ROOT), []);
  }
});

Deno.test("schemaOffences() says where a value does not fit", () => {
  const cases: [value: unknown, place: string][] = [
    [null, "$: object"],
    [{}, '$: "name" is missing'],
    [{ name: 1 }, "$.name: string"],
    [{ name: "x", more: 1 }, '$: "more" is not described'],
    [{ name: "x", age: -1 }, "$.age: too small"],
    [{ name: "x", age: 1.5 }, "$.age: integer"],
    [{ name: "x", day: "today" }, "$.day: date"],
    [{ name: "x", kind: "d" }, "$.kind: fits 0 of 2"],
    [{ name: "x", list: [true, 1] }, "$.list[1]: boolean"],
  ];
  for (const [value, place] of cases) {
    const [offence = ""] = schemaOffences(value, SCHEMA, ROOT);
    assertEquals(offence.slice(0, place.length), place);
  }
});

Deno.test("schemaOffences() takes no schema that it does not understand", () => {
  assertThrows(() => schemaOffences(1, { multipleOf: 2 }, ROOT), Error, "multipleOf");
  assertThrows(() => schemaOffences(1, { $ref: "#/parts/None" }, ROOT), Error, "leads nowhere");
});
