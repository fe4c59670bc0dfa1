/** A part of a document that describes JSON, in the words of JSON Schema 2020-12. */
export type Schema = Readonly<Record<string, unknown>>;

/** Words of a schema that say nothing about what is allowed. */
const NOTES = ["description", "default"];

const FORMATS: Readonly<Record<string, RegExp>> = {
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  date: /^\d{4}-\d\d-\d\d$/,
};

/**
 * Finds out where a value is not what a schema says. Every word of the schema must be known here.
 *
 * @param root the document that `$ref` points into
 * @returns one sentence for each offence, with where it is; none when the value fits
 */
export function schemaOffences(
  value: unknown,
  schema: Schema,
  root: Schema,
  place = "$",
): string[] {
  const offences: string[] = [];
  const expect = (holds: boolean, what: string): void => {
    if (!holds) offences.push(`${place}: ${what}, found ${JSON.stringify(value)?.slice(0, 200)}`);
  };
  const inner = (part: unknown, one: Schema, where: string): string[] =>
    schemaOffences(part, one, root, `${place}${where}`);
  const object = typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Record<string, unknown>
    : null;
  for (const [word, said] of Object.entries(schema)) {
    if (NOTES.includes(word)) continue;
    if (word === "$ref") offences.push(...inner(value, resolve(said as string, root), ""));
    else if (word === "type") expect([said].flat().some((type) => isType(value, type)), `${said}`);
    else if (word === "const") expect(value === said, `expected ${JSON.stringify(said)}`);
    else if (word === "enum") expect((said as unknown[]).includes(value), `one of ${said}`);
    else if (word === "minimum") expect(isNot(value) || Number(value) >= Number(said), "too small");
    else if (word === "maximum") expect(isNot(value) || Number(value) <= Number(said), "too large");
    else if (word === "exclusiveMinimum") {
      expect(isNot(value) || Number(value) > Number(said), "too small");
    } else if (word === "format") {
      expect(typeof value !== "string" || FORMATS[said as string]!.test(value), `${said}`);
    } else if (word === "items") {
      const items = Array.isArray(value) ? value : [];
      offences.push(...items.flatMap((item, at) => inner(item, said as Schema, `[${at}]`)));
    } else if (word === "required") {
      for (const name of object ? said as string[] : []) {
        expect(Object.hasOwn(object!, name), `"${name}" is missing`);
      }
    } else if (word === "properties") {
      for (const [name, one] of Object.entries(said as Record<string, Schema>)) {
        if (object && Object.hasOwn(object, name)) {
          offences.push(...inner(object[name], one, `.${name}`));
        }
      }
    } else if (word === "additionalProperties" && said === false) {
      const known = Object.keys(schema["properties"] as object);
      for (const name of Object.keys(object ?? {})) {
        expect(known.includes(name), `"${name}" is not described`);
      }
    } else if (word === "oneOf") {
      const each = (said as Schema[]).map((one) => inner(value, one, ""));
      const fits = each.filter((found) => found.length === 0).length;
      expect(fits === 1, `fits ${fits} of ${each.length} schemas (${each.map(([one]) => one)})`);
    } else if (word === "anyOf") {
      const each = (said as Schema[]).map((one) => inner(value, one, ""));
      expect(each.some((found) => found.length === 0), `fits none (${each.map(([one]) => one)})`);
    } else throw new Error(`${place}: the word "${word}" of a schema is not known`);
  }
  return offences;
}

function resolve(reference: string, root: Schema): Schema {
  const found = reference.split("/").slice(1).reduce<unknown>(
    (part, name) => (part as Record<string, unknown> | undefined)?.[name],
    root,
  );
  if (typeof found !== "object" || found === null) throw new Error(`${reference} leads nowhere`);
  return found as Schema;
}

function isNot(value: unknown): boolean {
  return typeof value !== "number";
}

function isType(value: unknown, type: unknown): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }
  const actual: unknown = typeof value;
  return actual === type;
}
