import type { Log } from "../log/log.ts";
import type { StoreTransfer } from "../store/transfer/transfer.ts";
import type { TransferTally } from "../store/transfer/transfer_tally.ts";
import { newKey } from "./random_bytes.ts";
import { systemClock } from "./system_clock.ts";
import { copyStore } from "../store/transfer/copy_store.ts";

export type { TransferTally };

/** What {@linkcode copyStores} is told. */
export interface StoreCopyOptions {
  /** `redis[s]://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]`, or the path of an embedded store. */
  readonly from: string;
  /** Likewise; must be empty. */
  readonly to: string;
  /** For a Redis whose URL names none; empty: none. */
  readonly redisPassword: string;
  /** The file of the certificates that a `rediss://` is trusted by; empty: the system's. */
  readonly redisCertificates: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
  /** Called with the names of both stores, before anything is copied. */
  readonly onStart?: (from: string, to: string) => void;
  /** Called now and then with what was done so far. */
  readonly onProgress?: (phase: "copying" | "checking", done: TransferTally) => void;
  readonly signal?: AbortSignal;
}

/**
 * Copies one store into another, of whatever kind.
 *
 * @returns what was copied
 * @throws Error that says in one sentence what is wrong
 */
export async function copyStores(options: StoreCopyOptions): Promise<TransferTally> {
  const { onStart } = options;
  const source = parsePlace(options.from);
  const target = parsePlace(options.to);
  if (JSON.stringify(source) === JSON.stringify(target)) {
    throw new Error("Both stores are the same");
  }
  if (source.type === "embedded" && !await exists(source.path)) {
    throw new Error(`There is no store at "${source.path}"`);
  }
  await using from = await open(source, options);
  await using to = await open(target, options);
  onStart?.(from.description, to.description);
  return await copyStore({ ...options, from, to });
}

/** Where a store is. */
type Place =
  | { readonly type: "embedded"; readonly path: string }
  | {
    readonly type: "redis";
    readonly address: { readonly hostname: string; readonly port: number };
    readonly user: string;
    readonly password: string;
    readonly encrypted: boolean;
    readonly db: number;
  };

async function open(
  place: Place,
  { redisPassword, redisCertificates, log, now }: StoreCopyOptions,
): Promise<StoreTransfer> {
  if (place.type === "embedded") {
    const { openSqliteTransfer } = await import("../store/sqlite/sqlite_transfer.ts");
    return await openSqliteTransfer({ ...place, log, newKey });
  }
  const { openRedisTransfer } = await import("../store/redis/redis_transfer.ts");
  const password = place.password || redisPassword;
  const tls = place.encrypted ? { authorities: redisCertificates || null } : null;
  return await openRedisTransfer({ ...place, password, tls, log, now, clock: systemClock });
}

function parsePlace(text: string): Place {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { type: "embedded", path: text };
  const wanted =
    "redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE], rediss://… or the path of an embedded store";
  const url = URL.parse(text);
  const [user, password] = [url?.username ?? "", url?.password ?? ""].map(decoded);
  const db = /^\/?(\d*)$/.exec(url?.pathname ?? "-")?.[1];
  const encrypted = url?.protocol === "rediss:";
  const known = (encrypted || url?.protocol === "redis:") && url.hostname !== "" &&
    url.search === "" && url.hash === "" && user !== undefined && password !== undefined;
  if (!url || !known || db === undefined) {
    // The password must not show.
    throw new Error(
      `Not the URL of a store: "${text.replace(/:[^:@/]*@/, ":***@")}", not ${wanted}`,
    );
  }
  const hostname = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const address = { hostname, port: Number(url.port || 6379) };
  return { type: "redis", address, user, password, encrypted, db: Number(db) };
}

/** @returns `undefined` when a per cent sign stands for nothing */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
