/** A part of an OpenAPI or JSON Schema document. */
export type Part = Readonly<Record<string, unknown>>;

/** Any text. */
export const TEXT: Part = { type: "string" };
/** Any number of texts. */
export const TEXTS: Part = { type: "array", items: TEXT };
/** A whole number that is not below 0. */
export const COUNT: Part = { type: "integer", minimum: 0 };
/** True or false. */
export const FLAG: Part = { type: "boolean" };
/** A day in UTC. */
export const DAY: Part = { type: "string", format: "date" };

/** An object that has all of these properties and no other. */
export function object(properties: Part): Part {
  return {
    type: "object",
    required: Object.keys(properties),
    properties,
    additionalProperties: false,
  };
}

/** A list. */
export function list(items: Part): Part {
  return { type: "array", items };
}

/** One of the schemas of the document, by its name. */
export function reference(schema: string): Part {
  return { $ref: `#/components/schemas/${schema}` };
}
