import { Daemon } from "../../support/daemon.ts";
import { forgetPeak, peakMemory } from "../peak_memory.ts";
import { startListingServer } from "./servers.ts";

/** What {@linkcode measureRedirects} takes. */
export interface RedirectsOptions {
  /** The repository, which the mirror has as well. */
  readonly root: string;
  /** Files that are in it. */
  readonly paths: readonly string[];
  /** For the daemon's and the server's files. */
  readonly directory: string;
  /** Requests a second that the scan may make. */
  readonly rate: number;
  /** How often redirects are measured, by turns without a scan and while one runs. */
  readonly rounds: number;
  readonly say: (text: string) => void;
}

/** Milliseconds until the next redirect is asked for. */
const PACE = 2;

/** Milliseconds for which redirects are measured without a scan. */
const IDLE = 10_000;

/**
 * Measures how long redirects of a running daemon take, and how much memory it holds, while it scans a
 * mirror over HTTP and while it does not.
 */
export async function measureRedirects(options: RedirectsOptions): Promise<void> {
  const { root, directory, rate, rounds, say } = options;
  await using server = await startListingServer("nginx html", root, directory);
  await using daemon = new Daemon({
    directory,
    config: { Repository: root, CheckInterval: 0, HTTPScanRate: rate, ScanInterval: 1000 },
  });
  await daemon.start();
  await daemon.ok("refresh");
  await daemon.ok("add", "-http", server.url, "bench");
  await daemon.ok("scan", "-enable", "bench");
  for (let round = 0; round <= rounds; round++) {
    const steps = {
      "no scan": () => new Promise((resolve) => setTimeout(resolve, IDLE)),
      "a scan over HTTP": () => daemon.ok("scan", "-full", "bench"),
    };
    for (const [name, work] of Object.entries(steps)) {
      forgetPeak(daemon.pid);
      const start = performance.now();
      const times = await whileAsking(daemon, options.paths, work);
      const seconds = (performance.now() - start) / 1000;
      // What comes first compiles what is needed.
      if (round === 0) continue;
      const memory = Math.round(peakMemory(daemon.pid) / 1e6);
      say(`redirects, ${name}, ${seconds.toFixed(1)} s: ${latencies(times)}, ${memory} MB at most`);
    }
  }
}

/** Milliseconds that redirects take, one after the other at a pace, while something runs. */
async function whileAsking(
  daemon: Daemon,
  paths: readonly string[],
  work: () => Promise<unknown>,
): Promise<number[]> {
  const times: number[] = [];
  let working = true;
  const asked = (async () => {
    for (let at = 0; working; at++) {
      const path = paths[(at * 7919) % paths.length]!;
      const start = performance.now();
      const response = await fetch(`http://${daemon.address}${path}`, { redirect: "manual" });
      await response.body?.cancel();
      if (response.status !== 302) throw new Error(`${path}: ${response.status}`);
      times.push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, PACE));
    }
  })();
  try {
    await work();
  } finally {
    working = false;
    await asked;
  }
  return times;
}

function latencies(times: number[]): string {
  times.sort((a, b) => a - b);
  const at = (share: number): string => times[Math.floor(times.length * share)]!.toFixed(2);
  return `${times.length} of them, median ${at(0.5)} ms, 99 % within ${at(0.99)} ms`;
}
