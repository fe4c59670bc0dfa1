import type { Mirror } from "../../catalog/mirror.ts";
import type { MirrorRecord, MirrorState } from "../../catalog/mirror_state.ts";
import { NameTakenError, NoSuchMirrorError } from "../store.ts";
import type { RedisConnection } from "./connection.ts";
import type { CopyIndex } from "./copy_index.ts";
import { KEYS, mirrorKey } from "./keys.ts";
import {
  enabledField,
  type HashChange,
  mirrorFields,
  mirrorRecord,
  newMirrorFields,
  stateFields,
} from "./mirror_hash.ts";
import { ADD_MIRROR, REMOVE_MIRROR, SET_FIELDS, UPDATE_MIRROR } from "./mirror_scripts.ts";

type Hash = Record<string, string>;

/** The mirrors with their states: `MIRRORS`, `MIRROR_id`. */
export class MirrorTable {
  readonly #connection: RedisConnection;
  readonly #copies: CopyIndex;

  constructor(connection: RedisConnection, copies: CopyIndex) {
    this.#connection = connection;
    this.#copies = copies;
  }

  /** Every mirror, by ID. */
  async all(): Promise<MirrorRecord[]> {
    const ids = await this.#connection.run((redis) => redis.hkeys(KEYS.mirrors));
    const sorted = ids.map(Number).sort((a, b) => a - b);
    const hashes = await this.#connection.pipeline(sorted.map((id) => ["hgetall", mirrorKey(id)]));
    return sorted.flatMap((id, i) => {
      const hash = hashes[i] as Hash;
      // A mirror that was removed between the two questions.
      return Object.keys(hash).length === 0 ? [] : [mirrorRecord(id, hash)];
    });
  }

  /** @returns `null` when there is no such mirror */
  async one(id: number): Promise<MirrorRecord | null> {
    const [listed, hash] = await this.#connection.pipeline([
      ["hexists", KEYS.mirrors, id],
      ["hgetall", mirrorKey(id)],
    ]);
    return listed === 1 ? mirrorRecord(id, hash as Hash) : null;
  }

  /** Adds a mirror and gives its ID. @throws NameTakenError */
  async add(mirror: Omit<Mirror, "id">): Promise<number> {
    const id = await this.#connection.script(ADD_MIRROR, mirror.name, ...newMirrorFields(mirror));
    if (id === 0) throw new NameTakenError(mirror.name);
    return id as number;
  }

  /** Replaces what the operator configured. @throws NameTakenError @throws NoSuchMirrorError */
  async update(mirror: Mirror): Promise<void> {
    const { id, name } = mirror;
    const { set, delete: gone } = mirrorFields(mirror);
    const change = [gone.length, ...gone, ...set];
    const done = await this.#connection.script(UPDATE_MIRROR, id, name, ...change);
    if (done === 0) throw new NoSuchMirrorError(id);
    if (done === -1) throw new NameTakenError(name);
  }

  /** Replaces parts of what the monitor found; nothing happens to a mirror that is gone. */
  async updateState(id: number, state: Partial<MirrorState>): Promise<void> {
    await this.#set(id, stateFields(state));
  }

  /** Sets only whether the mirror is enabled. @throws NoSuchMirrorError */
  async enable(id: number, enabled: boolean): Promise<void> {
    if (!await this.#set(id, enabledField(enabled))) throw new NoSuchMirrorError(id);
  }

  /**
   * Removes a mirror with everything but its counters. It is disabled first, and listed until the end:
   * stopped half-way, it can be removed again.
   *
   * @throws NoSuchMirrorError
   */
  async remove(id: number): Promise<void> {
    await this.enable(id, false);
    while (true) {
      await this.#copies.removeAll(id);
      const done = await this.#connection.script(REMOVE_MIRROR, id);
      if (done === 1) return;
      if (done === 0) throw new NoSuchMirrorError(id);
      // A scan that was still running wrote files meanwhile.
    }
  }

  /** @returns whether there is such a mirror */
  async #set(id: number, change: HashChange): Promise<boolean> {
    const { set, delete: gone } = change;
    return await this.#connection.script(SET_FIELDS, id, gone.length, ...gone, ...set) === 1;
  }
}
