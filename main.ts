import { denoEnvironment } from "./cli/deno_environment.ts";
import { runProgram } from "./cli/program.ts";

Deno.exit(await runProgram(Deno.args, denoEnvironment()));
