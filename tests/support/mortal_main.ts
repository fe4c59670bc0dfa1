/**
 * The program, with ways to make it crash: SIGWINCH sends a thread that it started what no thread
 * understands, SIGURG throws on the main thread, SIGTTIN leaves a rejection unhandled there. With
 * MORTAL=confined, the daemon has a control thread of its own, as in the executable.
 *
 * @module
 */
import { denoEnvironment } from "../../cli/deno_environment.ts";
import { runProgram } from "../../cli/program.ts";
import { runConfinedDaemon } from "../../lib/daemon/confined_daemon.ts";

const workers: Worker[] = [];

globalThis.Worker = class extends Worker {
  constructor(...args: ConstructorParameters<typeof Worker>) {
    super(...args);
    workers.push(this);
  }
};

Deno.addSignalListener("SIGWINCH", () => workers[0]?.postMessage(null));
Deno.addSignalListener("SIGURG", () => {
  throw new Error("Thrown for the test");
});
Deno.addSignalListener("SIGTTIN", () => void Promise.reject(new Error("Rejected for the test")));

const environment = denoEnvironment();
const confined = Deno.env.get("MORTAL") === "confined";
Deno.exit(
  await runProgram(
    Deno.args,
    confined ? { ...environment, runDaemon: runConfinedDaemon } : environment,
  ),
);
