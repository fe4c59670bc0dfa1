import { formatHostPort } from "../../net/host_port.ts";
import type { Redis } from "ioredis";
import { closeClient, plainClient, watchSocket } from "./plain_client.ts";
import { reasonOf, RedisRefusedError } from "./redis_error.ts";
import {
  DEFAULT_TIMINGS,
  type RedisOptions,
  type SentinelPlace,
  type ServerAddress,
} from "./redis_options.ts";
import { textsReply } from "./reply.ts";
import { signIn } from "./sign_in.ts";

/** Milliseconds for which the slower Sentinels are waited for once one has answered. */
const GRACE = 300;

/** How Sentinels are spoken to. */
type SentinelOptions = Pick<RedisOptions, "user" | "password" | "tls" | "timings" | "clock">;

/** What one Sentinel knows. */
interface Vote {
  readonly address: ServerAddress;
  /** Grows with each fail-over. */
  readonly epoch: number;
}

/**
 * Asks all Sentinels where the primary is, and believes the one that saw the latest fail-over: one that
 * is cut off from the others still names the old primary.
 *
 * @param signal ends it
 * @throws RedisRefusedError when no Sentinel that answers knows the name, or the password is wrong
 * @throws Error when none answers
 */
export async function findPrimary(
  sentinels: SentinelPlace,
  options: SentinelOptions,
  signal: AbortSignal,
): Promise<ServerAddress> {
  const { masterName, addresses } = sentinels;
  const done = new AbortController();
  const end = AbortSignal.any([signal, done.signal]);
  const votes: Vote[] = [];
  const failures: unknown[] = [];
  const first = Promise.withResolvers<void>();
  const asking = Promise.all(addresses.map(async (address) => {
    try {
      votes.push(await ask(address, masterName, options, end));
      first.resolve();
    } catch (error) {
      failures.push(error);
    }
  }));
  const graceOver = first.promise.then(() => options.clock.delay(GRACE, end));
  await Promise.race([asking, graceOver]);
  done.abort();
  await asking;
  const best = votes.sort((a, b) => b.epoch - a.epoch)[0];
  if (best) return best.address;
  throw failures.find((error) => error instanceof RedisRefusedError) ??
    new Error(`no Sentinel answers (${failures.map((error) => reasonOf(error, "")).join("; ")})`);
}

async function ask(
  address: ServerAddress,
  masterName: string,
  { user = "", password, tls, timings }: SentinelOptions,
  signal: AbortSignal,
): Promise<Vote> {
  const { connect, answer } = { ...DEFAULT_TIMINGS, ...timings };
  const sentinel = plainClient(address, connect, Math.min(answer, connect), tls);
  const socket = watchSocket(sentinel);
  const close = (): void => closeClient(sentinel);
  signal.addEventListener("abort", close);
  try {
    signal.throwIfAborted();
    await sentinel.connect();
    await signIn(sentinel, { user, password }, `Sentinel at ${formatHostPort(address)}`);
    return await vote(sentinel, masterName);
  } catch (error) {
    if (error instanceof RedisRefusedError) throw error;
    const reason = reasonOf(socket.error() ?? error, password);
    if (/No such master/i.test(reason)) {
      throw new RedisRefusedError(
        `Sentinel at ${
          formatHostPort(address)
        } knows no master "${masterName}" (RedisSentinelMasterName)`,
      );
    }
    throw new Error(`${formatHostPort(address)}: ${reason}`, { cause: error });
  } finally {
    signal.removeEventListener("abort", close);
    close();
    await socket.ended;
  }
}

async function vote(sentinel: Redis, masterName: string): Promise<Vote> {
  const answer = textsReply(await sentinel.call("SENTINEL", "MASTER", masterName));
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < answer.length; i += 2) fields.set(answer[i]!, answer[i + 1]!);
  const [hostname, port] = [fields.get("ip"), Number(fields.get("port"))];
  if (!hostname || !port) throw new Error("an answer that makes no sense");
  return { address: { hostname, port }, epoch: Number(fields.get("config-epoch") ?? 0) };
}
