import { ControlClient, ControlClientError } from "../lib/control/client.ts";
import type { Command } from "./command.ts";
import { COMMAND_NAMES, loadCommand, loadCommands } from "./commands.ts";
import { EditorError } from "./editor.ts";
import type { Environment } from "./environment.ts";
import {
  booleanFlag,
  HelpRequest,
  parseFlags,
  stringFlag,
  unsignedFlag,
  UsageError,
} from "./flags.ts";
import type { FlagValues } from "./flags.ts";
import { commandUsage, programUsage } from "./usage.ts";

/** Exit codes. */
const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

const GLOBAL_FLAGS = {
  h: stringFlag("Host of the control API", "localhost"),
  p: unsignedFlag("Port of the control API", 3390),
  P: stringFlag("Password of the control API"),
  a: booleanFlag("Ask for the password"),
};

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
    const [name, ...rest] = operands;
    if (name === undefined) return await showUsage(environment, WRONG_USAGE);
    if (name.toLowerCase() === "help") return await help(rest, environment);
    const command = await loadCommand(name);
    if (!command) return await unknownCommand(name, environment);
    return await runCommand(command, rest, flags, environment);
  } catch (error) {
    if (error instanceof HelpRequest) return await showUsage(environment, DONE);
    if (!(error instanceof UsageError)) throw error;
    output.error(error.message);
    output.errorLine();
    return await showUsage(environment, WRONG_USAGE);
  }
}

async function runCommand(
  command: Command,
  args: readonly string[],
  connection: FlagValues<typeof GLOBAL_FLAGS>,
  environment: Environment,
): Promise<number> {
  const { output } = environment;
  try {
    const parsed = parseFlags(command.flags, args);
    checkOperands(command, parsed.operands);
    const client = await connect(connection, environment, command.group === "client");
    return await command.run(parsed, { ...environment, client });
  } catch (error) {
    if (error instanceof HelpRequest) {
      output.errorWrite(commandUsage(command));
      return DONE;
    }
    if (error instanceof UsageError) {
      if (error.message !== "") output.error(error.message);
      output.errorWrite(commandUsage(command));
      return WRONG_USAGE;
    }
    if (error instanceof ControlClientError) output.error(error.message, error.hint);
    else if (error instanceof EditorError) output.error(error.message, error.hint);
    else {output.error(
        `"${command.name}" failed: ${error instanceof Error ? error.message : error}`,
      );}
    return FAILED;
  }
}

/**
 * Makes the client for the daemon that options or environment name.
 *
 * @param used whether it will be used: the server has no use for it
 */
async function connect(
  flags: FlagValues<typeof GLOBAL_FLAGS>,
  { variable, readSecret, fetch, bypassProxy }: Environment,
  used: boolean,
): Promise<ControlClient> {
  const given = <T>(value: T, byDefault: T, name: string): T | string =>
    value === byDefault && used ? variable(name) || value : value;
  const { h, p, P } = GLOBAL_FLAGS;
  const hostname = given(flags.h, h.byDefault, "MIRRORBITS_HOST");
  const port = Number(given(flags.p, p.byDefault, "MIRRORBITS_PORT"));
  if (!(Number.isInteger(port) && port >= 1 && port <= 65535)) {
    throw new UsageError("The port must be a number from 1 to 65535");
  }
  let password = given(flags.P, P.byDefault, "MIRRORBITS_PASSWORD");
  if (flags.a && used) password = await readSecret("Password: ") ?? "";
  if (used) bypassProxy(hostname);
  return new ControlClient({ hostname, port, password, fetch });
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

async function help(names: readonly string[], environment: Environment): Promise<number> {
  const [name] = names;
  if (name === undefined || name.toLowerCase() === "help") {
    return await showUsage(environment, DONE);
  }
  const command = await loadCommand(name);
  if (!command) return await unknownCommand(name, environment);
  environment.output.errorWrite(commandUsage(command));
  return DONE;
}

async function unknownCommand(name: string, environment: Environment): Promise<number> {
  const { nearest } = await import("../lib/config/nearest.ts");
  environment.output.line(`Error: Command not found: ${name}`);
  const meant = nearest(name, [...COMMAND_NAMES, "help"]);
  if (meant !== null) environment.output.line(`Did you mean "${meant}"?`);
  environment.output.line();
  return await showUsage(environment, WRONG_USAGE);
}

async function showUsage({ output }: Environment, exitCode: number): Promise<number> {
  output.errorWrite(programUsage(await loadCommands()));
  return exitCode;
}
