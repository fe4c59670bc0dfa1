import { dirname } from "node:path";
import type { Config } from "../config/config.ts";
import type { Permissions } from "../config/daemon_permissions.ts";
import type { DaemonOptions } from "./options.ts";
import type { Report, Start, Steered } from "./control_worker.ts";
import { systemClock } from "./system_clock.ts";
import { readConfig } from "../config/read_config.ts";
import { leaveProxiesOut } from "./leave_proxies_out.ts";
import { neededPermissions } from "./needed_permissions.ts";
import { DEFAULT_PATH } from "../process/is_installed.ts";
import { steerFor, type SteeringReply } from "../upgrade/remote_steering.ts";
import { SteeringThread } from "../upgrade/steering_thread.ts";
import { workerPermissions } from "../process/worker_permissions.ts";

/**
 * Runs the server like `runDaemon`, in a thread that has the permissions that its
 * configuration needs and no more; this thread keeps the permission to load the C library, which no
 * other has, and gives up all the rest. It is for the executable, whose permissions were fixed before
 * there was a configuration.
 *
 * @returns the exit code: 0 stopped, 1 failed
 */
export async function runConfinedDaemon(options: DaemonOptions): Promise<number> {
  leaveProxiesOut(Deno.env);
  const environment = Deno.env.toObject();
  const permissions = await permissionsFor(options, environment);
  const worker = new Worker(new URL("./control_worker.ts", import.meta.url), {
    type: "module",
    name: "control",
    // Without a configuration it cannot run, and it is the one to say why.
    deno: { permissions: permissions === null ? "inherit" : workerPermissions(permissions) },
  });
  const ended = Promise.withResolvers<number>();
  const reply = (reply: SteeringReply): void =>
    worker.postMessage({ type: "steered", reply } satisfies Steered);
  const logTo = (level: "warn" | "debug") => (message: string): void =>
    reply({ type: "log", level, message });
  // What is loaded there is bound by no permission, so nothing that comes from outside gets here.
  using steering = new SteeringThread({ warn: logTo("warn"), debug: logTo("debug") }, systemClock);
  const steer = steerFor(steering, reply);
  worker.onmessage = ({ data }: MessageEvent<Report>) => {
    if (data.type === "end") return ended.resolve(data.code);
    if (data.type === "steer") return void steer(data.call);
    worker.postMessage({ type: "start", options, environment } satisfies Start);
    void giveUpPermissions();
  };
  worker.onerror = (event) => {
    event.preventDefault();
    ended.reject(new Error(`The control thread died: ${event.message}`));
  };
  return await ended.promise;
}

/** @returns `null` when there is no configuration to go by */
async function permissionsFor(
  options: DaemonOptions,
  environment: Readonly<Record<string, string>>,
): Promise<Permissions | null> {
  const { configFile, repository, listen } = options;
  const read = await readConfig({
    configFile: configFile ?? undefined,
    environment,
    flags: { repository: repository ?? undefined, listenAddress: listen ?? undefined },
    workingDirectory: Deno.cwd(),
  }).catch(() => null);
  if (read === null) return null;
  const permissions = await neededPermissions({
    config: read.config,
    options,
    environment,
    executable: Deno.execPath(),
    mirrorHosts: null,
  });
  return {
    ...permissions,
    ffi: [],
    read: [...permissions.read, ...await besideRepository(read.config)],
    run: programs(permissions.run, environment.PATH || DEFAULT_PATH),
  };
}

/** A link to the repository is moved from one snapshot to the next one beside it. */
async function besideRepository({ repository }: Pick<Config, "repository">): Promise<string[]> {
  const real = await Deno.realPath(repository).catch(() => repository);
  return real === repository ? [] : [dirname(real)];
}

/** Where each program may be, so that one that is installed later can be run. */
function programs(names: readonly string[], path: string): string[] {
  const directories = path.split(":").filter((directory) => directory.startsWith("/"));
  return names.flatMap((name) =>
    name.includes("/") ? [name] : directories.map((directory) => `${directory}/${name}`)
  );
}

async function giveUpPermissions(): Promise<void> {
  for (const name of ["run", "write", "read", "net", "env", "sys"] as const) {
    await Deno.permissions.revoke({ name });
  }
}
