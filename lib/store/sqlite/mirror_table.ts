import type { StatementSync } from "node:sqlite";
import type { Mirror } from "../../catalog/mirror.ts";
import type { MirrorRecord, MirrorState } from "../../catalog/mirror_state.ts";
import { INITIAL_STATE } from "../../catalog/mirror_state_fields.ts";
import {
  DEFAULT_SETTINGS,
  type MirrorSettings,
  settingsOf,
} from "../../catalog/settings/mirror_settings.ts";
import { tooLong } from "../../catalog/text_limits.ts";
import type { Log } from "../../log/log.ts";
import { NameTakenError, NoSuchMirrorError } from "../store.ts";
import type { Connection } from "./connection.ts";

/** Mirrors with their states. Few and small: both are kept as JSON. */
export class MirrorTable {
  readonly #all: StatementSync;
  readonly #one: StatementSync;
  readonly #named: StatementSync;
  readonly #insert: StatementSync;
  readonly #configure: StatementSync;
  readonly #setState: StatementSync;
  readonly #remove: StatementSync;

  readonly #told = new Set<number>();
  readonly #log: Pick<Log, "warn"> | null;

  /**
   * @param connection a connection that writes
   * @param log told of mirrors whose name or address is too long to use, once of each, and they are left
   *   out; `null`: they are given as well
   */
  constructor(connection: Connection, log: Pick<Log, "warn"> | null) {
    this.#log = log;
    this.#all = connection.prepare("SELECT id, configuration, state FROM mirror ORDER BY id");
    this.#one = connection.prepare("SELECT id, configuration, state FROM mirror WHERE id = ?");
    this.#named = connection.prepare("SELECT id FROM mirror WHERE name = ?");
    this.#insert = connection.prepare(
      "INSERT INTO mirror (name, configuration, state) VALUES (?, ?, '{}')",
    );
    this.#configure = connection.prepare(
      "UPDATE mirror SET name = ?, configuration = ? WHERE id = ?",
    );
    this.#setState = connection.prepare("UPDATE mirror SET state = ? WHERE id = ?");
    this.#remove = connection.prepare("DELETE FROM mirror WHERE id = ?");
  }

  /** Every mirror, by ID. */
  all(): MirrorRecord[] {
    return this.#all.all().flatMap((row) => this.#usable(row) ?? []);
  }

  /** @returns `null` when there is no such mirror */
  get(id: number): MirrorRecord | null {
    const row = this.#one.get(id);
    return row ? this.#usable(row) : null;
  }

  #usable(row: Record<string, unknown>): MirrorRecord | null {
    const mirror = toRecord(row);
    const long = this.#log === null ? null : tooLong(mirror);
    if (long === null) return mirror;
    if (!this.#told.has(mirror.id)) {
      this.#told.add(mirror.id);
      this.#log?.warn(`The mirror with the ID ${mirror.id} is left out: ${long}`);
    }
    return null;
  }

  /** @returns whether there is such a mirror */
  has(id: number): boolean {
    return this.#one.get(id) !== undefined;
  }

  /** @returns the new mirror's ID @throws NameTakenError */
  add(mirror: Omit<Mirror, "id">): number {
    if (this.#named.get(mirror.name)) throw new NameTakenError(mirror.name);
    return Number(this.#insert.run(mirror.name, toJson(mirror)).lastInsertRowid);
  }

  /** @throws NameTakenError @throws NoSuchMirrorError */
  update(mirror: Mirror): void {
    if (!this.has(mirror.id)) throw new NoSuchMirrorError(mirror.id);
    const named = this.#named.get(mirror.name);
    if (named && named.id !== mirror.id) throw new NameTakenError(mirror.name);
    this.#configure.run(mirror.name, toJson(mirror), mirror.id);
  }

  /** @returns whether anything changed */
  updateState(id: number, changes: Partial<MirrorState>): boolean {
    const old = this.get(id);
    if (!old) return false;
    const keys = Object.keys(INITIAL_STATE) as (keyof MirrorState)[];
    const changed = keys.filter((key) =>
      changes[key] !== undefined && !isEqual(changes[key], old[key])
    );
    if (changed.length === 0) return false;
    const state = Object.fromEntries(keys.map((key) => [key, changes[key] ?? old[key]]));
    for (const key of changed) state[key] = changes[key] ?? null;
    this.#setState.run(JSON.stringify(state), id);
    return true;
  }

  /** @throws NoSuchMirrorError */
  remove(id: number): void {
    if (this.#remove.run(id).changes === 0) throw new NoSuchMirrorError(id);
  }
}

function isEqual(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function toRecord(row: Record<string, unknown>): MirrorRecord {
  const configuration = JSON.parse(String(row.configuration)) as Partial<MirrorSettings>;
  const state = JSON.parse(String(row.state)) as Partial<MirrorState>;
  // What an older version wrote lacks newer settings.
  return { ...DEFAULT_SETTINGS, ...configuration, ...INITIAL_STATE, ...state, id: Number(row.id) };
}

/** Only settings are kept: a caller may well hold a record with its state. */
function toJson(mirror: Omit<Mirror, "id">): string {
  return JSON.stringify(settingsOf(mirror));
}
