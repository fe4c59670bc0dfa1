import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
} from "yaml";
import { messageOf } from "../log/message_of.ts";
import { requirePermission } from "./require_permission.ts";

/** A value of the configuration as it was written: scalars are text, whatever they look like. */
export type WrittenValue = string | null | readonly WrittenValue[] | WrittenMap;

/** Keys and values as they were written. */
export interface WrittenMap {
  /** Key → value; `null`: the key has none. */
  readonly [key: string]: WrittenValue;
}

/** Finds the line of what a path of keys and positions leads to; the nearest parent's if it is absent. */
export type LineOf = (path: readonly (string | number)[]) => number;

/** A text that is wrong, with the line where that shows. */
export interface TextProblem {
  /** From 1. */
  readonly line: number;
  /** What is wrong, without the line. */
  readonly message: string;
}

/** What {@linkcode parseConfigText} found. */
export interface ParsedText {
  /** What was written. */
  readonly value: WrittenValue;
  /** Finds lines, for messages. */
  readonly lineOf: LineOf;
  /** With problems, the value is not to be trusted. */
  readonly problems: readonly TextProblem[];
}

/** Aliases can make a short text stand for a giant one; no configuration has this many values. */
const MOST_VALUES = 100_000;

/** Deeper than any key of the configuration, so that a text cannot exhaust the stack. */
const DEEPEST_LEVEL = 20;

const TOO_DEEP = `Values are nested too deeply: at most ${DEEPEST_LEVEL} levels are allowed`;

/** Problems that are told at most: aliases can make a short text wrong a million times. */
const MOST_PROBLEMS = 100;

/** Variables in which the library looks for switches of its own. */
const SWITCHES = ["LOG_STREAM", "LOG_TOKENS"];

/** Plain scalars that YAML takes for no value at all. */
const NO_VALUE = new Set(["", "~", "null", "Null", "NULL"]);

/**
 * Parses YAML without guessing types: what a scalar means depends on the key it is given for, so a
 * password may be `0123` and a country `NO`. Plain `null`, `~` and nothing are `null`.
 */
export function parseConfigText(text: string): ParsedText {
  const lines = new LineCounter();
  const problems: TextProblem[] = [];
  let document: Document;
  try {
    if (text !== "") SWITCHES.forEach((variable) => requirePermission({ name: "env", variable }));
    document = parseDocument(text, {
      schema: "failsafe",
      uniqueKeys: false,
      lineCounter: lines,
      prettyErrors: false,
    });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw withoutEnvironment(error);
    const message = error instanceof RangeError ? TOO_DEEP : messageOf(error);
    return { value: null, lineOf: () => 1, problems: [{ line: 1, message }] };
  }
  const lineAt = (offset: number): number => lines.linePos(offset).line || 1;
  // The library gives up where the stack ends, and what it finds after that is no error of the text.
  const endOfStack = document.errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (endOfStack) problems.push({ line: lineAt(endOfStack.pos[0]), message: TOO_DEEP });
  for (const { code, message, pos } of endOfStack ? [] : document.errors.slice(0, MOST_PROBLEMS)) {
    problems.push({
      line: lineAt(pos[0]),
      message: code === "MULTIPLE_DOCS" ? "Only one YAML document is allowed" : message,
    });
  }
  const reader = new Reader(document, lineAt, problems);
  const value = problems.length > 0 ? null : reader.read(document.contents, 0);
  return { value, lineOf: (path) => lineOf(document, lineAt, path), problems };
}

/** Turns nodes into plain values and notes what YAML allows and a configuration does not. */
class Reader {
  #values = 0;

  readonly #document: Document;
  readonly #lineAt: (offset: number) => number;
  readonly #problems: TextProblem[];

  constructor(document: Document, lineAt: (offset: number) => number, problems: TextProblem[]) {
    this.#document = document;
    this.#lineAt = lineAt;
    this.#problems = problems;
  }

  read(node: unknown, level: number): WrittenValue {
    if (++this.#values === MOST_VALUES) this.#report(node, "There are too many values");
    if (level === DEEPEST_LEVEL && this.#values < MOST_VALUES) {
      this.#report(node, TOO_DEEP);
      // Whatever else there is, aliases may repeat it a million times.
      this.#values = MOST_VALUES;
    }
    if (this.#values >= MOST_VALUES || level >= DEEPEST_LEVEL) return null;
    if (isAlias(node)) {
      const target = node.resolve(this.#document);
      if (!target) this.#report(node, `There is no anchor "${node.source}"`);
      return this.read(target, level + 1);
    }
    if (isScalar(node)) {
      const scalar = String(node.value ?? "");
      return node.type === "PLAIN" && NO_VALUE.has(scalar) ? null : scalar;
    }
    if (isSeq(node)) return node.items.map((item) => this.read(item, level + 1));
    return isMap(node) ? this.#readMap(node, level) : null;
  }

  #readMap(map: YAMLMap, level: number): WrittenMap {
    const result: Record<string, WrittenValue> = Object.create(null);
    const firstLines = new Map<string, number>();
    for (const { key, value } of map.items) {
      if (!isScalar(key)) {
        this.#report(key, "A key must be a word");
        continue;
      }
      const name = String(key.value ?? "");
      const firstLine = firstLines.get(name);
      if (firstLine !== undefined) {
        this.#report(key, `${name} is given twice, first in line ${firstLine}`);
        continue;
      }
      firstLines.set(name, this.#lineAt(offsetOf(key)));
      result[name] = this.read(value, level + 1);
    }
    return result;
  }

  #report(node: unknown, message: string): void {
    if (this.#problems.length >= MOST_PROBLEMS) return;
    this.#problems.push({ line: this.#lineAt(offsetOf(node)), message });
  }
}

function offsetOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}

function lineOf(
  document: Document,
  lineAt: (offset: number) => number,
  path: readonly (string | number)[],
): number {
  let node: unknown = document.contents;
  let offset = offsetOf(node);
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value ?? "") === step);
      if (!pair) break;
      // The key's line, not the value's: a list begins below its key.
      offset = offsetOf(pair.key);
      node = pair.value;
    } else if (isSeq(node) && typeof step === "number" && node.items[step]) {
      node = node.items[step];
      offset = offsetOf(node);
    } else break;
  }
  return lineAt(offset);
}

function withoutEnvironment(cause: Error): Error {
  return new Error(
    'Deno may not read the environment variables "LOG_STREAM", "LOG_TOKENS", which the YAML library ' +
      "looks for: start with --allow-env=LOG_STREAM,LOG_TOKENS",
    { cause },
  );
}
