import type { StatementSync } from "node:sqlite";
import type { MirrorEvent, MirrorEventDetail } from "../../catalog/mirror_event.ts";
import type { Connection } from "./connection.ts";

/** Events kept of each mirror. */
const KEPT = 10_000;

/** Reads the mirrors' event logs. */
export class EventReader {
  readonly #newest: StatementSync;

  /** @param connection any connection */
  constructor(connection: Connection) {
    this.#newest = connection.prepare(
      "SELECT time, detail FROM event WHERE mirror_id = ? ORDER BY number DESC LIMIT ?",
    );
  }

  /** The newest events, oldest first. */
  newest(mirrorId: number, limit: number): MirrorEvent[] {
    return this.#newest.all(mirrorId, Math.max(0, limit)).reverse().map((row): MirrorEvent => ({
      ...JSON.parse(String(row.detail)) as MirrorEventDetail,
      mirrorId,
      time: Number(row.time),
    }));
  }
}

/** The mirrors' event logs. */
export class EventTable extends EventReader {
  readonly #insert: StatementSync;
  readonly #trim: StatementSync;
  readonly #remove: StatementSync;

  /** @param connection a connection that writes */
  constructor(connection: Connection) {
    super(connection);
    this.#insert = connection.prepare(`
      INSERT INTO event (mirror_id, number, time, detail)
      SELECT id, ifnull((SELECT max(number) FROM event WHERE mirror_id = mirror.id), 0) + 1, ?, ?
      FROM mirror WHERE id = ?`);
    this.#trim = connection.prepare(`
      DELETE FROM event WHERE mirror_id = ?
      AND number <= (SELECT max(number) FROM event WHERE mirror_id = ?) - ${KEPT}`);
    this.#remove = connection.prepare("DELETE FROM event WHERE mirror_id = ?");
  }

  /** Appends an event, if its mirror is there, and forgets the oldest; to be called in a transaction. */
  add({ mirrorId, time, ...detail }: MirrorEvent): void {
    this.#insert.run(time, JSON.stringify(detail), mirrorId);
    this.#trim.run(mirrorId, mirrorId);
  }

  /** Removes a mirror's events. */
  remove(mirrorId: number): void {
    this.#remove.run(mirrorId);
  }
}
