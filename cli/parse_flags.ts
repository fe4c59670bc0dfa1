import { type Argument, readArguments } from "./arguments.ts";
import {
  type Flags,
  type FlagValues,
  HelpRequest,
  type ParsedArguments,
  UnknownFlag,
  UsageError,
} from "./flags.ts";

/**
 * Reads a command line, as {@linkcode readArguments} takes it apart.
 *
 * @param stopAtOperand take everything from the first operand on as operands
 * @throws {UsageError}
 * @throws {HelpRequest} on `-h` and `-help`, unless there are such options
 */
export function parseFlags<F extends Flags>(
  flags: F,
  args: readonly string[],
  options: { readonly stopAtOperand?: boolean } = {},
): ParsedArguments<F> {
  const values: Record<string, unknown> = Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [name, flag.byDefault]),
  );
  const operands: string[] = [];
  for (const argument of readArguments(flags, args, options)) {
    if (argument.kind === "operand") operands.push(argument.text);
    else if (argument.kind === "option") setOption(values, argument, Object.keys(flags));
    else throw new UsageError(`bad flag syntax: ${argument.text}`);
  }
  return { flags: values as FlagValues<F>, operands };
}

function setOption(
  values: Record<string, unknown>,
  { name, flag, value }: Argument & { kind: "option" },
  known: readonly string[],
): void {
  if (!flag) {
    if (name === "h" || name === "help") throw new HelpRequest();
    throw new UnknownFlag(name, known);
  }
  if (value === null) throw new UsageError(`flag needs an argument: -${name}`);
  try {
    values[name] = flag.parse(value, values[name]);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const what = flag.valueName === "" ? "boolean value" : "value";
    const where = flag.valueName === "" ? `-${name}` : `flag -${name}`;
    throw new UsageError(`invalid ${what} ${JSON.stringify(value)} for ${where}: ${error.message}`);
  }
}
