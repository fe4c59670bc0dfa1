/**
 * Options the way of Go's `flag` package, as the original has them: one dash or two, `-name value` and
 * `-name=value`. Ours, since no library reads that: `@std/cli/parse-args` and those of npm take `-http`
 * for `-h -t -t -p`, as POSIX has it.
 *
 * @module
 */

/** A command line that cannot be understood. The message has no prefix; it may be empty. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** @param hint what to do; `null`: nothing to add */
  constructor(message: string, readonly hint: string | null = null) {
    super(message);
  }
}

/** An option that there is not. */
export class UnknownFlag extends UsageError {
  /**
   * @param flag its name
   * @param known the names of those that there are
   */
  constructor(readonly flag: string, readonly known: readonly string[]) {
    super(`flag provided but not defined: -${flag}`);
  }
}

/** Somebody asked how a command is used. */
export class HelpRequest extends Error {
  override readonly name = "HelpRequest";
}

/** An option of a command, spelled with one dash or two. */
export interface Flag<T> {
  /** What it does, for the usage text. */
  readonly usage: string;
  /** What its value is called in the usage text; empty: it needs none. */
  readonly valueName: string;
  readonly byDefault: T;
  /** The default as the usage text shows it; empty: not worth showing. */
  readonly defaultText: string;
  /** What a shell offers for its value: files, or these words; absent: nothing. */
  readonly completes?: "file" | readonly string[];
  /**
   * Reads a value.
   *
   * @param previous the default, or the value given before
   * @throws {UsageError} why it is none, in few words
   */
  readonly parse: (text: string, previous: T) => T;
}

/** The options of a command by their names, without dashes. */
// deno-lint-ignore no-explicit-any -- each option has a type of its own
export type Flags = Readonly<Record<string, Flag<any>>>;

/** The values of options. */
export type FlagValues<F extends Flags> = {
  readonly [Name in keyof F]: F[Name] extends Flag<infer T> ? T : never;
};

/** A command line, taken apart. */
export interface ParsedArguments<F extends Flags> {
  readonly flags: FlagValues<F>;
  /** What is no option, in order. */
  readonly operands: readonly string[];
}

/** A truth value: `-f`, `-f=false`. */
export function booleanFlag(usage: string, byDefault = false): Flag<boolean> {
  return {
    usage,
    byDefault,
    valueName: "",
    defaultText: byDefault ? "true" : "",
    parse(text) {
      if (/^(1|t|true)$/i.test(text)) return true;
      if (/^(0|f|false)$/i.test(text)) return false;
      throw new UsageError("parse error");
    },
  };
}

/** A text. */
export function stringFlag(usage: string, byDefault = ""): Flag<string> {
  return {
    usage,
    byDefault,
    valueName: "string",
    defaultText: byDefault === "" ? "" : JSON.stringify(byDefault),
    parse: (text) => text,
  };
}

/** The path of a file or a directory. */
export function fileFlag(usage: string): Flag<string> {
  return { ...stringFlag(usage), completes: "file" };
}

/**
 * Any number of texts, one at a time.
 *
 * @param completes what a shell offers for each
 */
export function listFlag(
  usage: string,
  valueName: string,
  completes: readonly string[] = [],
): Flag<readonly string[]> {
  return {
    usage,
    valueName,
    completes,
    byDefault: [],
    defaultText: "",
    parse: (text, previous) => [...previous, text],
  };
}

/** One of some words, in whatever case; empty: none was given. */
export function choiceFlag<T extends string>(usage: string, words: readonly T[]): Flag<T | ""> {
  return {
    usage,
    valueName: "word",
    completes: words,
    byDefault: "",
    defaultText: "",
    parse(text) {
      const word = words.find((one) => one === text.toLowerCase());
      if (word === undefined) throw new UsageError(`expected ${words.join(", ")}`);
      return word;
    },
  };
}

/** A whole number. */
export function integerFlag(usage: string, byDefault = 0): Flag<number> {
  return numberFlag(usage, "int", byDefault, /^[+-]?\d+$/);
}

/** A whole number that is not below 0. */
export function unsignedFlag(usage: string, byDefault = 0): Flag<number> {
  return numberFlag(usage, "uint", byDefault, /^\+?\d+$/);
}

function numberFlag(
  usage: string,
  valueName: string,
  byDefault: number,
  form: RegExp,
): Flag<number> {
  return {
    usage,
    valueName,
    byDefault,
    defaultText: byDefault === 0 ? "" : `${byDefault}`,
    parse(text) {
      if (!form.test(text)) throw new UsageError("parse error");
      if (!Number.isSafeInteger(Number(text))) throw new UsageError("value out of range");
      return Number(text);
    },
  };
}
