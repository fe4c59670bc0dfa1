import { systemClock } from "../../lib/daemon/system_clock.ts";
import { NEW_MIRROR } from "../../lib/catalog/settings/new_mirror.ts";
import { openRedisStore } from "../../lib/store/redis/redis_store.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { RedisServer } from "../support/redis_server.ts";
import { LIMIT, SlowCommands } from "./slow_commands.ts";

/** How often everything is done, each time on a server of its own. */
const ROUNDS = 3;

/** Microseconds: far less than a batch takes. */
const TRIVIAL = 50;

/** Into so many parts, one after the other, the commands of a step are divided. */
const PARTS = 100;

/** Of one step: how long it took in seconds, and each of its commands in milliseconds, in their order. */
interface Step {
  readonly seconds: number;
  readonly commands: readonly number[];
}

/**
 * Measures how long Redis is kept from everything else by one command, while the differences of large
 * scans are written and read. Redis' own clock goes on while the host does something else, so the longest
 * command of a run is often a trivial one. What a command really costs is the same each time: the work is
 * done several times, and of each hundredth of it the longest command counts in the round in which that
 * was shortest. Where it may (root), Redis goes before all other programs.
 *
 * @param paths the files of the source and of a mirror
 * @param say gets a line for each step
 */
export async function measureBatches(
  paths: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  const rounds: Map<string, Step>[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measureOnce(paths));
  for (const name of rounds[0]!.keys()) {
    const steps = rounds.map((round) => round.get(name)!);
    const seconds = steps.map((step) => step.seconds).sort((a, b) => a - b)[ROUNDS >> 1]!;
    const all = steps.flatMap(({ commands }) => commands).sort((a, b) => b - a);
    const at = (share: number): string => `${all[Math.floor(all.length * share)]!.toFixed(2)} ms`;
    const above = all.filter((time) => time > LIMIT).length;
    say(
      `redis, ${name}: ${seconds.toFixed(1)} s, longest command ${repeated(steps).toFixed(2)} ms ` +
        `in each of ${ROUNDS} rounds (of ${all.length} commands p50 ${at(0.5)}, p99 ${at(0.01)}, ` +
        `${above} above ${LIMIT} ms, longest ${at(0)})`,
    );
  }
}

/** The longest command that is as long in every round, at about the same place. */
function repeated(steps: readonly Step[]): number {
  const longest = Array.from({ length: PARTS }, (_, part) => {
    return Math.min(...steps.map(({ commands }) => {
      const start = Math.floor(commands.length * part / PARTS);
      return Math.max(0, ...commands.slice(start, Math.ceil(commands.length * (part + 1) / PARTS)));
    }));
  });
  return Math.max(...longest);
}

async function measureOnce(paths: readonly string[]): Promise<Map<string, Step>> {
  await using server = await RedisServer.start("--appendonly", "no");
  const args = ["-n", "-20", "-p", `${server.pid}`];
  await new Deno.Command("renice", { args, stdout: "null", stderr: "null" }).output();
  await using store = await openRedisStore({
    address: { hostname: "127.0.0.1", port: server.port },
    password: "",
    db: 0,
    log: new MemoryLog(),
    now: Date.now,
    clock: systemClock,
  });
  const slow = await SlowCommands.start(server.port, TRIVIAL);
  const { signal } = new AbortController();
  const steps = new Map<string, Step>();
  const step = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    await slow.reset();
    const start = performance.now();
    await work();
    const seconds = (performance.now() - start) / 1000;
    steps.set(name, { seconds, commands: await slow.times() });
  };
  const copies = paths.map((path, i) => ({ path, size: i, modTime: 1_700_000_000_000 + i }));
  const files = copies.map((copy) => ({ ...copy, sha1: "", sha256: "ab".repeat(32), md5: "" }));
  await step("a source written", () => store.updateSource({ changed: files, removed: [] }, signal));
  const id = await store.addMirror({ ...NEW_MIRROR, name: "m", httpUrl: "http://127.0.0.1:9/" });
  await step(
    "a mirror written",
    () => store.updateCopies(id, { changed: copies, removed: [] }, signal),
  );
  await step("a mirror read", async () => {
    for await (const _ of store.copiesOf(id));
  });
  await step("a source read", async () => {
    for await (const _ of store.sourceFiles());
  });
  await step("no mirror written", () => store.removeMirror(id));
  await step(
    "no source written",
    () => store.updateSource({ changed: [], removed: paths }, signal),
  );
  return steps;
}
