import type { MirrorEvent } from "../../catalog/mirror_event.ts";
import { type RedisConnection, WRONG_TYPE } from "./connection.ts";
import { formatEvent, parseEvent } from "./event_json.ts";
import { mirrorLogsKey } from "./keys.ts";
import type { LeftOut } from "./left_out.ts";
import { ADD_EVENT } from "./mirror_scripts.ts";
import { countReply, numberReply, textsReply } from "./reply.ts";

/** How many events of a mirror are kept. */
const KEPT = 10_000;

/** The mirrors' events: `MIRRORLOGS_id`. */
export class EventLog {
  readonly #connection: RedisConnection;
  readonly #leftOut: LeftOut;

  /** @param leftOut told of keys that cannot be used */
  constructor(connection: RedisConnection, leftOut: LeftOut) {
    this.#connection = connection;
    this.#leftOut = leftOut;
  }

  /** Appends an event and drops the oldest. One that cannot be kept keeps nothing else from being done. */
  async add(event: MirrorEvent): Promise<void> {
    const args = [event.mirrorId, formatEvent(event), KEPT] as const;
    const answer = numberReply(await this.#connection.script(ADD_EVENT, ...args));
    if (answer < 0) this.#leftOut.add(mirrorLogsKey(event.mirrorId), "WRONGTYPE");
  }

  /** The newest events of a mirror, oldest first; those of kinds not known here are left out. */
  async read(mirrorId: number, limit: number): Promise<MirrorEvent[]> {
    if (limit <= 0) return [];
    const key = mirrorLogsKey(mirrorId);
    const [lines, count] = await this.#connection.tolerantPipeline([
      ["lrange", key, -limit, -1],
      ["llen", key],
    ]);
    if (lines === WRONG_TYPE) {
      this.#leftOut.add(key, "WRONGTYPE");
      return [];
    }
    countReply(count);
    return textsReply(lines).flatMap((line) => parseEvent(mirrorId, line) ?? []);
  }
}
