import { fileURLToPath } from "node:url";

/** What a thread reads to start, unless it is in the executable. */
export const THREAD_MODULES: readonly string[] = Deno.build.standalone
  ? []
  : [fileURLToPath(new URL("..", import.meta.url))];

/** Whether a thread may be started that reads a directory: no more can be allowed to it than is allowed here. */
export function mayStartReading(directory: string): boolean {
  return [directory, ...THREAD_MODULES].every((path) =>
    Deno.permissions.querySync({ name: "read", path }).state === "granted"
  );
}

/** What a thread may not do that reads only. */
export const READING_ONLY = {
  ...{ write: false, net: false, run: false, env: false, ffi: false, import: false },
} as const;
