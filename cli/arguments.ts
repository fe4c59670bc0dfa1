import type { Flag, Flags } from "./flags.ts";

/** A part of a command line. */
export type Argument =
  | { readonly kind: "operand"; readonly text: string }
  | { readonly kind: "malformed"; readonly text: string }
  | {
    readonly kind: "option";
    /** Without dashes. */
    readonly name: string;
    /** `null`: there is none of that name. */
    readonly flag: Flag<unknown> | null;
    /** `null`: the command line ends where it should stand. */
    readonly value: string | null;
  };

/**
 * Takes a command line apart the way of Go's `flag` package: `-name value`, `-name=value`, with one
 * dash or two; `--` ends the options. Unlike there, options may also stand behind operands.
 *
 * @param flags the options that there are
 * @param args words of the command line
 * @param stopAtOperand take everything from the first operand on as operands
 */
export function* readArguments(
  flags: Flags,
  args: readonly string[],
  { stopAtOperand = false } = {},
): Generator<Argument> {
  for (let index = 0; index < args.length; index++) {
    const text = args[index]!;
    const isOption = text.length > 1 && text.startsWith("-");
    if (text === "--" || (stopAtOperand && !isOption)) {
      yield* operands(args.slice(text === "--" ? index + 1 : index));
      return;
    }
    if (!isOption) {
      yield { kind: "operand", text };
      continue;
    }
    const [, name, given] = /^--?([^-=][^=]*)(?:=([^]*))?$/.exec(text) ?? [];
    if (name === undefined) {
      yield { kind: "malformed", text };
      continue;
    }
    const flag = Object.hasOwn(flags, name) ? flags[name]! : null;
    const takesNext = flag !== null && flag.valueName !== "" && given === undefined;
    yield {
      kind: "option",
      name,
      flag,
      value: takesNext ? args[++index] ?? null : given ?? "true",
    };
  }
}

function operands(texts: readonly string[]): Argument[] {
  return texts.map((text) => ({ kind: "operand", text }));
}
