import type { MirrorEvent } from "../../catalog/mirror_event.ts";
import type { RedisConnection } from "./connection.ts";
import { formatEvent, parseEvent } from "./event_json.ts";
import { mirrorLogsKey } from "./keys.ts";
import { ADD_EVENT } from "./mirror_scripts.ts";
import { textsReply } from "./reply.ts";

/** How many events of a mirror are kept. */
const KEPT = 10_000;

/** The mirrors' events: `MIRRORLOGS_id`. */
export class EventLog {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  /** Appends an event and drops the oldest. */
  async add(event: MirrorEvent): Promise<void> {
    await this.#connection.script(ADD_EVENT, event.mirrorId, formatEvent(event), KEPT);
  }

  /** The newest events of a mirror, oldest first; those of kinds not known here are left out. */
  async read(mirrorId: number, limit: number): Promise<MirrorEvent[]> {
    if (limit <= 0) return [];
    const lines = await this.#connection.run(async (redis) =>
      textsReply(await redis.lrange(mirrorLogsKey(mirrorId), -limit, -1))
    );
    return lines.flatMap((line) => parseEvent(mirrorId, line) ?? []);
  }
}
