import { WITH_TEST_LOCK } from "../tools/test_lock.ts";
import { type PortProcess, startPortProcess } from "./port_process.ts";

/** What {@linkcode startS3rver} takes. */
export interface S3rverOptions {
  /** Directory that takes the objects. */
  readonly directory: string;
  /** Names of buckets to begin with. */
  readonly buckets: readonly string[];
}

/**
 * Starts {@link https://www.npmjs.com/package/s3rver s3rver}, somebody else's imitation of Amazon S3, in
 * a process of its own. Whoever comes may read and write.
 */
export function startS3rver(options: S3rverOptions): Promise<PortProcess> {
  return startPortProcess("s3rver", [
    Deno.execPath(),
    ...["run", "--quiet", "--allow-all", WITH_TEST_LOCK],
    new URL("s3rver_main.ts", import.meta.url).href,
    JSON.stringify(options),
  ]);
}
