import { existsSync } from "node:fs";
import { assertEquals } from "@std/assert";
import { daemonPermissions, httpThreadPermissions } from "../../lib/config/daemon_permissions.ts";
import { defaults } from "../../lib/config/load_config.ts";
import { LIBC_PATHS } from "../../lib/config/libc_paths.ts";
import { steeringPermissions } from "../../lib/upgrade/steering_thread.ts";
import { workerPermissions } from "../../lib/process/worker_permissions.ts";
import type { Attempts, Outcomes } from "../support/pry.ts";
import { tempDir } from "../support/temp_dir.ts";

const sources = new URL("../../", import.meta.url).pathname;

/** Has a thread with these permissions try things. @returns what came of each */
async function pry(
  permissions: Deno.PermissionOptionsObject,
  attempts: Attempts,
): Promise<Outcomes> {
  const worker = new Worker(new URL("../support/prying_worker.ts", import.meta.url), {
    type: "module",
    deno: { permissions },
  });
  try {
    return await new Promise((resolve, reject) => {
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
      worker.onmessage = ({ data }) => {
        if (data.open === "") worker.postMessage(attempts);
        else resolve(data);
      };
    });
  } finally {
    worker.terminate();
  }
}

/** A configuration whose places are all below a directory. */
function configIn(directory: string) {
  return {
    ...defaults({}),
    repository: `${directory}/repository`,
    databasePath: `${directory}/state/mirrorbits.db`,
    logDir: `${directory}/log`,
    listenAddress: { transport: "tcp", hostname: "127.0.0.1", port: 8080 },
  } as const;
}

async function makeDirectories(directory: string): Promise<void> {
  for (const name of ["repository", "state", "log"]) await Deno.mkdir(`${directory}/${name}`);
}

Deno.test("a thread that answers requests can read no other file, and run and write nothing", async () => {
  await using directory = await tempDir();
  await makeDirectories(directory.path);
  const permissions = httpThreadPermissions(configIn(directory.path), { sources });
  const outcomes = await pry(workerPermissions(permissions), {
    read: ["/etc/shadow", `${directory.path}/log`, `${directory.path}/repository`],
    write: [`${directory.path}/repository/new`, `${directory.path}/log/downloads.log`],
    run: ["/bin/sh", "rsync", Deno.execPath()],
    env: ["HOME", "MIRRORBITS_RPC_PASSWORD"],
    sys: ["hostname"],
    connect: ["1"],
  });
  const { [`read ${directory.path}/repository`]: repository, ...others } = outcomes;
  assertEquals(repository, "done");
  assertEquals(new Set(Object.values(others)), new Set(["NotCapable"]));
  assertEquals(Object.keys(others).length, 11);
});

Deno.test("the control thread of the executable can run rsync and no shell", async () => {
  await using directory = await tempDir();
  await makeDirectories(directory.path);
  const outcomes = await pry(
    workerPermissions(daemonPermissions({
      config: configIn(directory.path),
      configFile: `${directory.path}/mirrorbits.conf`,
      pidFile: `${directory.path}/pid`,
      logFile: null,
      certificates: null,
      realRepository: `${directory.path}/repository`,
      executable: "/usr/bin/mirrorbits",
      sources,
      mirrorHosts: null,
    })),
    {
      read: ["/etc/shadow", `${directory.path}/repository`],
      write: [
        "/etc/cron.d/new",
        `${directory.path}/repository/new`,
        `${directory.path}/pid`,
        `${directory.path}/state/new`,
        `${directory.path}/log/downloads.log`,
      ],
      run: ["/bin/sh", "rsync"],
      env: ["AWS_SECRET_ACCESS_KEY", "HOME"],
      sys: ["hostname"],
    },
  );
  assertEquals(outcomes, {
    "read /etc/shadow": "NotCapable",
    [`read ${directory.path}/repository`]: "done",
    "write /etc/cron.d/new": "NotCapable",
    [`write ${directory.path}/repository/new`]: "NotCapable",
    [`write ${directory.path}/pid`]: "done",
    [`write ${directory.path}/state/new`]: "done",
    [`write ${directory.path}/log/downloads.log`]: "done",
    "run /bin/sh": "NotCapable",
    "run rsync": "done",
    "env AWS_SECRET_ACCESS_KEY": "NotCapable",
    "env HOME": "done",
    "sys hostname": "done",
  });
});

Deno.test("the thread that steers connections can load the C library and do nothing else", async () => {
  const library = LIBC_PATHS.find((path) => existsSync(path))!;
  const permissions = steeringPermissions(library);
  // The module of the test has to be read, which that of the thread has not: it is in the program.
  const outcomes = await pry({ ...permissions, read: [sources] }, {
    read: ["/etc/shadow", "/proc/self/environ"],
    write: ["/tmp/new"],
    run: ["/bin/sh", "rsync"],
    env: ["HOME"],
    sys: ["hostname"],
    connect: ["1"],
    load: ["/usr/lib/other.so"],
  });
  assertEquals(new Set(Object.values(outcomes)), new Set(["NotCapable"]));
  assertEquals(permissions.read, false);
  assertEquals(permissions.ffi, [library]);
});
