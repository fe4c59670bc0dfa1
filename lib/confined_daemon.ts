import { dirname } from "node:path";
import { daemonPermissions, type Permissions } from "./config/daemon_permissions.ts";
import { DEFAULT_CONFIG_FILE, readConfig } from "./config/read_config.ts";
import type { DaemonOptions } from "./daemon.ts";
import { DEFAULT_PATH } from "./process/default_path.ts";
import { defaultPidFile } from "./process/pid_file.ts";
import { workerPermissions } from "./process/worker_permissions.ts";

/** Tells a confined thread to start. */
interface Start {
  readonly options: DaemonOptions;
  readonly environment: Readonly<Record<string, string>>;
}

/** What a confined thread says. */
type Report = { readonly type: "open" } | { readonly type: "end"; readonly code: number };

/**
 * Runs the server like `runDaemon`, in a thread that has the permissions that its
 * configuration needs and no more; this thread gives up all of its own. It is for the executable,
 * whose permissions were fixed before there was a configuration.
 *
 * @returns the exit code: 0 stopped, 1 failed
 */
export async function runConfinedDaemon(options: DaemonOptions): Promise<number> {
  const environment = Deno.env.toObject();
  const permissions = await permissionsFor(options, environment);
  // It cannot run, and it is the one to say why.
  if (permissions === null) return await (await import("./daemon.ts")).runDaemon(options);
  const worker = new Worker(import.meta.url, {
    type: "module",
    name: "control",
    deno: { permissions: workerPermissions(permissions) },
  });
  const ended = Promise.withResolvers<number>();
  worker.onmessage = ({ data }: MessageEvent<Report>) => {
    if (data.type === "end") return ended.resolve(data.code);
    worker.postMessage({ options, environment } satisfies Start);
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
  { configFile, repository, listen, pidFile, logFile }: DaemonOptions,
  environment: Readonly<Record<string, string>>,
): Promise<Permissions | null> {
  const workingDirectory = Deno.cwd();
  const absolute = (path: string): string =>
    path.startsWith("/") ? path : `${workingDirectory}/${path}`;
  const read = await readConfig({
    configFile: configFile ?? undefined,
    environment,
    flags: { repository: repository ?? undefined, listenAddress: listen ?? undefined },
    workingDirectory,
  }).catch(() => null);
  if (read === null) return null;
  const { config } = read;
  const realRepository = await Deno.realPath(config.repository).catch(() => config.repository);
  const permissions = daemonPermissions({
    config,
    configFile: absolute(configFile ?? DEFAULT_CONFIG_FILE),
    pidFile: absolute(pidFile ?? defaultPidFile({ get: (name) => environment[name] })),
    logFile: logFile === null ? null : absolute(logFile),
    certificates: environment.SSL_CERT_FILE ?? null,
    // A link is moved from one snapshot to the next one beside it.
    realRepository: realRepository === config.repository ? realRepository : dirname(realRepository),
    executable: Deno.execPath(),
    sources: Deno.build.standalone ? null : dirname(new URL("./", import.meta.url).pathname),
    mirrorHosts: null,
  });
  return { ...permissions, run: programs(permissions.run, environment.PATH || DEFAULT_PATH) };
}

/** Where each program may be, so that one that is installed later can be run. */
function programs(names: readonly string[], path: string): string[] {
  const directories = path.split(":").filter((directory) => directory.startsWith("/"));
  return names.flatMap((name) =>
    name.includes("/") ? [name] : directories.map((directory) => `${directory}/${name}`)
  );
}

async function giveUpPermissions(): Promise<void> {
  for (const name of ["run", "write", "read", "net", "env", "sys", "ffi"] as const) {
    await Deno.permissions.revoke({ name });
  }
}

/** What a worker finds in its global scope, which the types of the main thread do not have. */
interface WorkerScope {
  postMessage(message: Report): void;
  onmessage: ((event: MessageEvent<Start>) => void) | null;
}

// The thread that starts the worker imports this module too.
if (import.meta.main && "WorkerGlobalScope" in globalThis) {
  const scope = globalThis as unknown as WorkerScope;
  const end = (code: number): void => scope.postMessage({ type: "end", code });
  scope.onmessage = ({ data: { options, environment } }) => {
    // The thread that starts this one has no need of it.
    void import("./daemon.ts")
      .then(({ runDaemon }) => runDaemon(options, { environment, exit: end }))
      .then(end);
  };
  scope.postMessage({ type: "open" });
}
