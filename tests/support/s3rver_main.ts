/**
 * Serves objects with s3rver until it is killed. Started by s3rver.ts with its options as JSON; the port
 * is written to stdout once it serves.
 *
 * @module
 */
import S3rver from "s3rver";
import { freePort } from "./free_port.ts";
import type { S3rverOptions } from "./s3rver.ts";

const { directory, buckets } = JSON.parse(Deno.args[0]!) as S3rverOptions;
const port = freePort();
const server = new S3rver({
  ...{ address: "127.0.0.1", port, directory, silent: true },
  configureBuckets: buckets.map((name) => ({ name, configs: [] })),
});
await server.run();
await Deno.stdout.write(new TextEncoder().encode(`${port}\n`));
