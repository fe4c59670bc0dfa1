import * as v from "valibot";
import { ControlError } from "./control_error.ts";
import type { Operation } from "./operation.ts";
import type { InputOf, OperationName } from "./operations.ts";
import { ID } from "./parts.ts";

/** Bytes that a request may bring. */
const LARGEST_BODY = 1_048_576;

/** Where what a request says is found. */
export interface RequestParts {
  readonly request: Request;
  /** What stands for `{id}` in the path. */
  readonly id: string | undefined;
  /** The query; of a parameter that is there twice, the first. */
  readonly query: Readonly<Record<string, string>>;
}

/**
 * Reads what an operation is asked with, by its schemas.
 *
 * @throws {ControlError} `invalid`, saying what was found and what is allowed
 */
export async function readInput<K extends OperationName>(
  { query, body, text, settings, conditional }: Operation,
  parts: RequestParts,
): Promise<InputOf<K>> {
  const { request, id } = parts;
  const input = {
    ...(id === undefined ? {} : readById(id)),
    ...(query === undefined ? {} : { query: read(query, fromText(query, parts.query)) }),
    ...(body === undefined ? {} : { body: read(body, await readObject(request)) }),
    ...(text === undefined ? {} : { text: textOf(request, text) }),
    ...(settings === undefined ? {} : { settings: await readObject(request) }),
    ...(conditional ? { tag: expectedTag(request) } : {}),
  };
  return input as InputOf<K>;
}

function readById(text: string): { readonly id: number } {
  const value = /^[1-9]\d{0,14}$/.test(text) ? Number(text) : text;
  return read(v.object({ id: ID }), { id: value });
}

function read<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  if (issue.message.startsWith("Invalid key")) throw invalid(`${v.getDotPath(issue)} is missing`);
  const found = issue.input === undefined ? "nothing" : JSON.stringify(issue.input);
  throw invalid(`${v.getDotPath(issue)} must be ${issue.message}, found ${found}`);
}

/** Turns texts into what their schemas are about, where they can be. */
function fromText(
  { entries }: NonNullable<Operation["query"]>,
  texts: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const known = Object.entries(texts).filter(([name]) => Object.hasOwn(entries, name));
  return Object.fromEntries(known.map(([name, text]) => [name, valueOf(entries[name]!, text)]));
}

function valueOf(schema: v.ObjectEntries[string], text: string): unknown {
  const { type } = "wrapped" in schema ? schema.wrapped as v.GenericSchema : schema;
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  if (type === "number" && /^\d{1,15}$/.test(text)) return Number(text);
  return text;
}

async function readObject(request: Request): Promise<Record<string, unknown>> {
  const text = await readText(request);
  if (text === "") return {};
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/(json|merge-patch\+json)\s*(;|$)/i.test(type)) {
    throw invalid(`The content type must be application/json, found ${JSON.stringify(type)}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid("The body is no JSON");
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw invalid("The body must be a JSON object");
}

/** The body as it arrives. */
function textOf(request: Request, expected: string): AsyncIterable<Uint8Array> {
  const type = request.headers.get("content-type") ?? "";
  if (type.split(";", 1)[0]!.trim().toLowerCase() !== expected) {
    throw invalid(`The content type must be ${expected}, found ${JSON.stringify(type)}`);
  }
  return request.body ?? new ReadableStream({ start: (controller) => controller.close() });
}

async function readText(request: Request): Promise<string> {
  if (!request.body) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw invalid(`The body is larger than ${LARGEST_BODY} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function expectedTag(request: Request): string | null {
  // What stands between may have weakened it.
  const tag = (request.headers.get("if-match") ?? "*").replace(/^W\//, "");
  return tag === "*" ? null : tag;
}

function invalid(message: string): ControlError {
  return new ControlError("invalid", message);
}
