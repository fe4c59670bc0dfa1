/**
 * The program as the executable runs it, with holes in every thread. The modules with the holes take
 * the place of the program's own by an import map.
 *
 * @module
 */
import { denoEnvironment } from "../../../cli/deno_environment.ts";
import { runProgram } from "../../../cli/program.ts";
import { runConfinedDaemon } from "../../../lib/daemon/confined_daemon.ts";
import { obeyPrying } from "./main_thread.ts";

obeyPrying();
Deno.exit(await runProgram(Deno.args, { ...denoEnvironment(), runDaemon: runConfinedDaemon }));
