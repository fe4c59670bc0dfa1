import type { VisitorOptions, Visits } from "../../support/visitors.ts";

/** A load that goes on until it is ended. */
export interface Load {
  /** Ends it. @returns what became of the requests */
  end(): Promise<Visits>;
}

/** Puts a server under load with clients on plain sockets, which see each failure and what it was. */
export async function visit(options: VisitorOptions): Promise<Load> {
  const worker = new Worker(new URL("./visitors_worker.ts", import.meta.url), { type: "module" });
  const next = (): Promise<Visits> =>
    new Promise((resolve) => worker.onmessage = ({ data }) => resolve(data));
  await next();
  worker.postMessage(options);
  return {
    async end() {
      const visits = next();
      worker.postMessage("stop");
      return await visits.finally(() => worker.terminate());
    },
  };
}

/**
 * Puts a server under load with wrk, which asks faster and tells less: what it has no answer to when
 * it ends is not counted.
 *
 * @param url what is asked for
 * @param keepAlive whether a connection is used for more than one request
 */
export function loadWithWrk(url: string, keepAlive: boolean): Load {
  const child = new Deno.Command("wrk", {
    args: [
      ...["-t1", "-c32", "-d1h"],
      ...keepAlive ? [] : ["-H", "Connection: close"],
      url,
    ],
    stdout: "piped",
  }).spawn();
  return {
    async end() {
      child.kill("SIGINT");
      const text = new TextDecoder().decode((await child.output()).stdout);
      const counts = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/
        .exec(text)?.slice(1).map(Number) ?? [0, 0, 0, 0];
      const names = ["connect", "read", "write", "timeout"];
      const failures = Object.fromEntries(names.map((name, i) => [name, counts[i]!]));
      failures.status = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0);
      const answered = Number(/(\d+) requests in/.exec(text)?.[1] ?? 0) - failures.status;
      const failed = Object.entries(failures).filter(([, count]) => count > 0);
      return { answered, failures: Object.fromEntries(failed) };
    },
  };
}
