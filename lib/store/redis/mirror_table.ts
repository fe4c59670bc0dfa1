import type { Mirror } from "../../catalog/mirror.ts";
import type { MirrorRecord, MirrorState } from "../../catalog/mirror_state.ts";
import { tooLong } from "../../catalog/text_limits.ts";
import type { Log } from "../../log/log.ts";
import { messageOf } from "../../log/message_of.ts";
import type { StoreCondition } from "../condition.ts";
import { NameTakenError, NoSuchMirrorError } from "../store.ts";
import { type RedisConnection, WRONG_TYPE } from "./connection.ts";
import type { CopyIndex } from "./copy_index.ts";
import { KEYS, mirrorKey } from "./keys.ts";
import type { LeftOut } from "./left_out.ts";
import { wrongTypeError } from "./wrong_key.ts";
import {
  enabledField,
  type HashChange,
  mirrorFields,
  mirrorRecord,
  newMirrorFields,
  stateFields,
} from "./mirror_hash.ts";
import {
  countReply,
  hashReply,
  idReply,
  numberReply,
  optionalTextReply,
  textsReply,
} from "./reply.ts";
import { ADD_MIRROR, REMOVE_MIRROR, SET_FIELDS, UPDATE_MIRROR } from "./mirror_scripts.ts";

/** What a {@linkcode MirrorTable} works with. */
export interface MirrorTableOptions {
  readonly connection: RedisConnection;
  readonly copies: CopyIndex;
  /** Told of mirrors that cannot be used. */
  readonly leftOut: LeftOut;
  /** Told whether mirrors could be read, and whether they are lost. */
  readonly condition?: Pick<StoreCondition, "set">;
  /** Told what went wrong, once. */
  readonly log?: Pick<Log, "error" | "info" | "warn">;
  /** The database, for the log. */
  readonly where: string;
  /** Whether mirrors are given whose name or address is too long to use: to copy them. Default: false. */
  readonly long?: boolean;
}

/** The mirrors with their states: `MIRRORS`, `MIRROR_id`. */
export class MirrorTable {
  readonly #connection: RedisConnection;
  readonly #copies: CopyIndex;
  readonly #options: MirrorTableOptions;
  /** IDs of the mirrors that were there last time. */
  readonly #known = new Set<number>();
  readonly #unreadable = new Set<number>();

  constructor(options: MirrorTableOptions) {
    this.#connection = options.connection;
    this.#copies = options.copies;
    this.#options = options;
  }

  /** Every mirror that can be used, by ID. */
  async all(): Promise<MirrorRecord[]> {
    const { condition, log, where } = this.#options;
    let ids: readonly number[];
    let answers: unknown[];
    try {
      ids = await this.#ids();
      answers = await this.#connection.tolerantPipeline(
        ids.map((id) => ["hgetall", mirrorKey(id)]),
      );
    } catch (error) {
      // A Redis that is away tells that itself.
      if (this.#connection.available && condition?.set("mirrors", "the mirrors cannot be read")) {
        log?.error(`${where}: The mirrors cannot be read: ${messageOf(error)}`);
      }
      throw error;
    }
    if (condition?.set("mirrors", null)) log?.info(`${where}: The mirrors can be read again`);
    this.#unreadable.clear();
    const mirrors = ids.flatMap((id, i) => this.#read(id, answers[i]) ?? []);
    this.#tellUnreadable();
    if (ids.length > 0) this.#known.clear();
    for (const id of ids) this.#known.add(id);
    return mirrors;
  }

  /** @returns `null` when there is no such mirror, or none that can be used */
  async one(id: number): Promise<MirrorRecord | null> {
    const [listed, hash] = await this.#connection.tolerantPipeline([
      ["hexists", KEYS.mirrors, id],
      ["hgetall", mirrorKey(id)],
    ]);
    if (listed === WRONG_TYPE) throw wrongTypeError(KEYS.mirrors);
    if (numberReply(listed) !== 1) {
      if (this.#unreadable.delete(id)) this.#tellUnreadable();
      return null;
    }
    this.#known.add(id);
    const mirror = this.#read(id, hash);
    this.#tellUnreadable();
    return mirror;
  }

  /** Tells when all mirrors are gone, and nobody removed them; and when there are some again. */
  async lookForLoss(): Promise<void> {
    const { condition, log, where } = this.#options;
    const known = [...this.#known];
    const [last, count, ...there] = await this.#connection.tolerantPipeline([
      ["get", "LAST_MID"],
      ["hlen", KEYS.mirrors],
      ...known.map((id) => ["exists", mirrorKey(id)] as const),
    ]);
    if (count === WRONG_TYPE) return;
    if (countReply(count) > 0) return void condition?.set("loss", null);
    if (known.length === 0) return;
    // Whoever removes a mirror leaves the last ID that was given, and nothing of the mirror.
    const removed = Number(optionalTextReply(last) ?? 0) >= Math.max(...known) &&
      there.every((one) => one === 0);
    this.#known.clear();
    if (removed) return;
    if (condition?.set("loss", "all mirrors are gone from the store")) {
      log?.error(
        `${where}: All mirrors are gone, and nobody removed them: ` +
          "restore a backup, or add the mirrors again",
      );
    }
  }

  /** Adds a mirror and gives its ID. @throws NameTakenError */
  async add(mirror: Omit<Mirror, "id">): Promise<number> {
    // Afterwards there are some again.
    await this.lookForLoss();
    const id = await this.#connection.script(ADD_MIRROR, mirror.name, ...newMirrorFields(mirror));
    if (id === 0) throw new NameTakenError(mirror.name);
    return idReply(id);
  }

  /** Replaces what the operator configured. @throws NameTakenError @throws NoSuchMirrorError */
  async update(mirror: Mirror): Promise<void> {
    const { id, name } = mirror;
    const { set, delete: gone } = mirrorFields(mirror);
    const change = [gone.length, ...gone, ...set];
    const done = numberReply(
      await this.#connection.script(UPDATE_MIRROR, id, name, ...change),
    );
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
      const done = numberReply(await this.#connection.script(REMOVE_MIRROR, id));
      if (done === 1) return;
      if (done === 0) throw new NoSuchMirrorError(id);
      // A scan that was still running wrote files meanwhile.
    }
  }

  /** @returns whether there is such a mirror */
  async #set(id: number, change: HashChange): Promise<boolean> {
    const { set, delete: gone } = change;
    return numberReply(
      await this.#connection.script(SET_FIELDS, id, gone.length, ...gone, ...set),
    ) === 1;
  }

  /** @returns the IDs of all mirrors in order */
  async #ids(): Promise<number[]> {
    const [ids, count] = await this.#connection.tolerantPipeline([
      ["hkeys", KEYS.mirrors],
      ["hlen", KEYS.mirrors],
    ]);
    if (ids === WRONG_TYPE) throw wrongTypeError(KEYS.mirrors);
    // No mirrors are believed only to whom knows a number, too.
    countReply(count);
    return textsReply(ids).filter((id) => /^\d+$/.test(id)).map(Number).sort((a, b) => a - b);
  }

  /** @returns `null`: it was removed meanwhile, or cannot be used */
  #read(id: number, answer: unknown): MirrorRecord | null {
    const { leftOut } = this.#options;
    if (answer === WRONG_TYPE) {
      this.#unreadable.add(id);
      leftOut.add(mirrorKey(id), "WRONGTYPE");
      return null;
    }
    this.#unreadable.delete(id);
    const hash = hashReply(answer);
    if (Object.keys(hash).length === 0) return null;
    const mirror = mirrorRecord(id, hash);
    const long = this.#options.long ? null : tooLong(mirror);
    if (long === null) {
      leftOut.remove(mirrorKey(id));
      return mirror;
    }
    leftOut.add(mirrorKey(id), long);
    return null;
  }

  #tellUnreadable(): void {
    const keys = [...this.#unreadable].sort((a, b) => a - b).map(mirrorKey);
    const more = keys.length > 3 ? ` and ${keys.length - 3} more` : "";
    const text = `the mirrors ${keys.slice(0, 3).join(", ")}${more} cannot be read`;
    this.#options.condition?.set("unreadable", keys.length === 0 ? null : text);
  }
}
