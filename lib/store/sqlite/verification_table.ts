import type { StatementSync } from "node:sqlite";
import { MOST_VERIFIED } from "../verification_store.ts";
import type { Connection } from "./connection.ts";

/** Which copies were asked for, by mirror. */
export class VerificationTable {
  readonly #add: StatementSync;
  readonly #count: StatementSync;
  readonly #remove: StatementSync;
  readonly #clear: StatementSync;

  /** @param connection a connection that writes */
  constructor(connection: Connection) {
    this.#add = connection.prepare(
      "INSERT INTO verified (mirror_id, version) VALUES (?, ?) ON CONFLICT DO NOTHING",
    );
    this.#count = connection.prepare("SELECT count(*) AS count FROM verified WHERE mirror_id = ?");
    this.#remove = connection.prepare("DELETE FROM verified WHERE mirror_id = ? AND version = ?");
    this.#clear = connection.prepare("DELETE FROM verified WHERE mirror_id = ?");
  }

  /** See `VerificationStore.claim()`; to be called in a transaction. */
  claim(mirrorId: number, version: string): boolean {
    if (this.#add.run(mirrorId, version).changes === 0) return false;
    if (Number(this.#count.get(mirrorId)?.count) > MOST_VERIFIED) {
      this.clear(mirrorId);
      this.#add.run(mirrorId, version);
    }
    return true;
  }

  /** See `VerificationStore.release()`. */
  release(mirrorId: number, version: string): void {
    this.#remove.run(mirrorId, version);
  }

  /** Forgets a mirror. */
  clear(mirrorId: number): void {
    this.#clear.run(mirrorId);
  }
}
