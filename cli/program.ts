import { ControlClientError } from "../lib/control/control_client_error.ts";
import { VERSION } from "../lib/version.ts";
import type { Command } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { connect, noClient } from "./connect.ts";
import { EditorError } from "./terminal/editor.ts";
import type { Environment } from "./environment.ts";
import { HelpRequest, UnknownFlag, UsageError } from "./flags.ts";
import { GLOBAL_FLAGS, type GlobalFlags } from "./global_flags.ts";
import { parseFlags } from "./parse_flags.ts";
import { briefUsage, commandHelp, commandUsage, HOW_TO_GET_HELP, programUsage } from "./usage.ts";

/** Exit codes. */
const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

/** Names of errors whose message is a sentence for the user; others tell what the runtime met. */
const OWN_ERRORS = ["Error", "ConfigError"];

/**
 * Runs the program.
 *
 * @param args the command line without the program's name
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage
 */
export async function runProgram(
  args: readonly string[],
  environment: Environment,
): Promise<number> {
  const { output } = environment;
  try {
    // A lone -h asks for help; with something behind it, it names a host.
    if (args.length === 1 && args[0] === "-h") throw new HelpRequest();
    const { flags, operands } = parseFlags(GLOBAL_FLAGS, args, { stopAtOperand: true });
    if (flags.version) {
      output.line(`mirrorbits ${VERSION}`);
      return DONE;
    }
    const [name, ...rest] = operands;
    if (name === undefined) return await showUsage(environment, WRONG_USAGE);
    const command = await COMMANDS.load(name);
    if (command) return await runCommand(command, rest, flags, environment);
    const { unknownCommand } = await import("./unknown_command.ts");
    unknownCommand(name, { ...environment, commands: COMMANDS });
    return WRONG_USAGE;
  } catch (error) {
    if (error instanceof HelpRequest) return await showUsage(environment, DONE);
    if (!(error instanceof UsageError)) throw error;
    output.error(error.message, await hintOf(error));
    output.errorWrite(HOW_TO_GET_HELP);
    return WRONG_USAGE;
  }
}

async function runCommand(
  command: Command,
  args: readonly string[],
  connection: GlobalFlags,
  environment: Environment,
): Promise<number> {
  const { output } = environment;
  try {
    const parsed = parseFlags(command.flags, args);
    checkOperands(command, parsed.operands);
    command.check?.(parsed);
    const client = command.group === "client"
      ? await connect(connection, environment)
      : noClient(environment);
    return await command.run(parsed, { ...environment, client, commands: COMMANDS });
  } catch (error) {
    if (error instanceof HelpRequest) {
      output.errorWrite(commandHelp(command));
      return DONE;
    }
    if (error instanceof UsageError) {
      const hint = error.hint ?? misplaced(command, args) ?? await hintOf(error);
      if (error.message !== "") output.error(error.message, hint);
      const usage = commandUsage(command);
      const fits = usage.split("\n").length + 3 < output.rows;
      output.errorWrite(fits ? usage : briefUsage(command));
      return WRONG_USAGE;
    }
    if (error instanceof ControlClientError || error instanceof EditorError) {
      output.error(error.message, error.hint);
    } else if (error instanceof Error && OWN_ERRORS.includes(error.name)) {
      output.error(error.message);
    } else {
      const why = error instanceof Error ? error.message : error;
      output.error(`"${command.name}" failed: ${why}`);
    }
    return FAILED;
  }
}

function checkOperands(
  { operands: [least, most], usage }: Command,
  operands: readonly string[],
): void {
  if (operands.length < least) {
    throw new UsageError(`Missing argument: ${usage.replace("[OPTIONS] ", "")}`);
  }
  if (operands.length > most) {
    throw new UsageError(`Unexpected argument: ${JSON.stringify(operands[most])}`);
  }
}

/** What to do about it; what is needed for a guess is loaded only then. */
async function hintOf(error: UsageError): Promise<string | null> {
  if (!(error instanceof UnknownFlag)) return null;
  const { meantWord } = await import("./meant_word.ts");
  const meant = meantWord(error.flag, error.known);
  return meant === null ? null : `Did you mean -${meant}?`;
}

/** A word for those who wrote an option behind the command that stands before it. */
function misplaced({ name, flags }: Command, args: readonly string[]): string | null {
  const before = args.find((arg) =>
    ["-p", "-P", "-a"].includes(arg) && !Object.hasOwn(flags, arg.slice(1))
  );
  if (before === undefined) return null;
  return `${before} stands before the command: mirrorbits ${before} … ${name}`;
}

async function showUsage({ output }: Environment, exitCode: number): Promise<number> {
  output.errorWrite(programUsage(await COMMANDS.all()));
  return exitCode;
}
