import { messageOf } from "../../log/message_of.ts";
import type { StoreCondition } from "../condition.ts";
import type { ChangeFeed } from "./change_feed.ts";
import { type RedisConnection, WRONG_TYPE } from "./connection.ts";
import { markDatabase } from "./database_version.ts";
import { KEYS } from "./keys.ts";
import type { MirrorTable } from "./mirror_table.ts";
import { OddReplyError, optionalTextReply } from "./reply.ts";
import { DEFAULT_TIMINGS, type RedisOptions } from "./redis_options.ts";

/** What {@linkcode lookAfterDatabase} works with. */
export interface LookOptions {
  readonly options: RedisOptions;
  readonly connection: RedisConnection;
  readonly mirrors: MirrorTable;
  readonly condition: StoreCondition;
  readonly feed: ChangeFeed;
}

/**
 * Looks now and then whether the mirrors are still there and can be read: who empties a database, or
 * writes another type into a key, tells nobody. What gives answers that make no sense is left.
 *
 * @param signal ends it
 */
export async function lookAfterDatabase(look: LookOptions, signal: AbortSignal): Promise<void> {
  const { options, connection } = look;
  const { look: interval } = { ...DEFAULT_TIMINGS, ...options.timings };
  while (!signal.aborted) {
    await options.clock.delay(interval, signal);
    if (signal.aborted || !connection.available) continue;
    try {
      await lookOnce(look);
    } catch (error) {
      // To such commands every Redis has an answer.
      if (error instanceof OddReplyError) connection.distrust(error);
      options.log.debug(`Cannot look after the mirrors: ${messageOf(error)}`);
    }
  }
}

async function lookOnce({ connection, mirrors, condition, feed }: LookOptions): Promise<void> {
  const before = condition.trouble;
  await mirrors.lookForLoss();
  if (["mirrors", "unreadable"].some((kind) => condition.has(kind))) await mirrors.all();
  // Mirrors that are there again, or not any more, nobody was told of.
  if (condition.trouble !== before) feed.tell({ type: "missed" });
  const [version, known, files] = await connection.tolerantPipeline([
    ["get", KEYS.version],
    ["hlen", KEYS.mirrors],
    ["scard", KEYS.files],
  ]);
  if (version === WRONG_TYPE || optionalTextReply(version) !== null) return;
  if (known === 0 && files === 0) return;
  await connection.run(markDatabase);
}
