import type { Clock } from "../../clock/clock.ts";
import type { Log } from "../../log/log.ts";
import { messageOf } from "../../log/message_of.ts";
import { createHash } from "../../worker/late_builtins.ts";
import type { DatabaseRole } from "../database_names.ts";
import { GeoDatabaseError } from "../geo_database_error.ts";
import { MmdbDatabase } from "../mmdb_database.ts";
import { kindOf } from "../database_kind.ts";
import { ChunkReader } from "./chunk_reader.ts";
import { failureText } from "./failure_text.ts";
import { Patience } from "./patience.ts";
import {
  type DatabaseAnswer,
  type DatabaseRequest,
  requestDatabase,
  type UpdateFetch,
} from "./request_database.ts";
import { shownUrl } from "./shown_url.ts";
import { type UnpackBounds, unpackDatabase } from "./unpack_database.ts";
import type { UpdateFiles } from "./update_files.ts";
import { type UpdateConfig, type UpdateEdition, updateSource } from "./update_source.ts";
import {
  type FetchedDatabase,
  NO_UPDATES,
  parseUpdateState,
  type UpdateState,
} from "./update_state.ts";

/** What a {@linkcode DatabaseUpdater} works with. */
export interface DatabaseUpdaterOptions {
  /** Where databases are fetched from, as configured now. */
  readonly config: () => UpdateConfig;
  readonly files: UpdateFiles;
  readonly fetch: UpdateFetch;
  /** Loads what was put in place. */
  readonly placed: () => Promise<void>;
  /** How the program names itself: `Mirrorbits/1.2.3`. */
  readonly userAgent: string;
  readonly bounds?: UnpackBounds;
  readonly log: Pick<Log, "info" | "warn">;
  readonly clock: Pick<Clock, "every" | "now" | "after">;
}

/** How looking for new databases stands. */
export interface UpdateStatus {
  /** From where, for people; `null`: nothing is looked for. */
  readonly source: string | null;
  /** When that was last tried, in milliseconds since the epoch; `null`: never. */
  readonly checkedAt: number | null;
  /** When it is tried next; `null`: never. */
  readonly nextAt: number | null;
  /** Why it failed; `null`: it did not. */
  readonly failure: string | null;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Milliseconds between two looks at whether it is time. */
const LOOK_INTERVAL = 60_000;

/** Milliseconds without a byte after which a server is given up. */
const PATIENCE = 60_000;

/** Milliseconds for one database, at most. */
const MOST_TIME = HOUR;

/**
 * Keeps GeoIP databases current: looks for newer ones once a day, after failures sooner, and puts in place
 * what was found good. What is there stays until then.
 */
export class DatabaseUpdater implements AsyncDisposable {
  readonly #options: DatabaseUpdaterOptions;
  readonly #stop = new AbortController();
  #state: UpdateState | null = null;
  #running: Promise<void> | null = null;
  #timer: Disposable | null = null;

  constructor(options: DatabaseUpdaterOptions) {
    this.#options = options;
  }

  /** Looks now if it is time, and from now on. */
  start(): void {
    this.#timer ??= this.#options.clock.every(LOOK_INTERVAL, () => this.look());
    this.look();
  }

  /** Looks for newer databases if it is time. */
  look(): void {
    void this.#lookIfDue();
  }

  /**
   * Looks for newer databases now, because somebody asks: a failure puts off no further what is done
   * without being asked.
   *
   * @returns how that went; never rejects
   */
  async update(): Promise<UpdateStatus> {
    await this.#run({ asked: true });
    return await this.status();
  }

  /** How looking for new databases stands. */
  async status(): Promise<UpdateStatus> {
    const source = this.#source()?.name ?? null;
    if (source === null) return { source, checkedAt: null, nextAt: null, failure: null };
    const state = await this.#known();
    const { checkedAt, failure } = state.source === source ? state : NO_UPDATES;
    return { source, checkedAt, nextAt: this.#dueAt(state, source), failure };
  }

  /** Ends a download that is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#stop.abort(new DOMException("The daemon is stopping", "AbortError"));
    await this.#running;
  }

  #source(): ReturnType<typeof updateSource> {
    return updateSource(this.#options.config(), this.#options.clock.now());
  }

  async #known(): Promise<UpdateState> {
    return this.#state ??= parseUpdateState(await this.#options.files.readState().catch(() => ""));
  }

  /** When databases of a source are looked for next, in milliseconds since the epoch. */
  #dueAt(state: UpdateState, source: string): number {
    const now = this.#options.clock.now();
    const { checkedAt, failures } = state;
    // What was written later than now was written by another clock.
    if (state.source !== source || checkedAt === null || checkedAt > now) return now;
    return checkedAt + (failures === 0 ? DAY : Math.min(DAY, HOUR * 2 ** (failures - 1)));
  }

  async #lookIfDue(): Promise<void> {
    const source = this.#source();
    if (source === null || this.#running !== null) return;
    const due = this.#dueAt(await this.#known(), source.name);
    if (due <= this.#options.clock.now()) await this.#run({ asked: false });
  }

  /** One at a time. */
  #run(how: { readonly asked: boolean }): Promise<void> {
    return this.#running ??= this.#updateAll(how).finally(() => this.#running = null);
  }

  async #updateAll({ asked }: { readonly asked: boolean }): Promise<void> {
    const source = this.#source();
    if (source === null || this.#stop.signal.aborted) return;
    const { log, clock, files, placed } = this.#options;
    const before = await this.#known();
    let state: UpdateState = { ...before, source: source.name };
    let fresh = 0;
    const failures: string[] = [];
    for (const edition of source.editions) {
      try {
        const fetched = await this.#fetchEdition(edition, source.authorization, state);
        if (fetched === null) continue;
        state = { ...state, [fetched.role]: fetched.database };
        fresh++;
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        failures.push(messageOf(error));
      }
    }
    const failure = failures.length === 0 ? null : [...new Set(failures)].join("; ");
    this.#state = {
      ...state,
      checkedAt: clock.now(),
      failures: failure === null ? 0 : asked ? Math.max(1, before.failures) : before.failures + 1,
      failure,
    };
    if (failure === null && before.failure !== null) {
      log.info(`GeoIP databases of ${source.name} can be looked for again`);
    }
    if (failure !== null && (before.failure !== failure || before.source !== source.name)) {
      log.warn(
        `Cannot update GeoIP databases from ${source.name}, what is there stays: ${failure}`,
      );
    }
    const written = files.writeState(`${JSON.stringify(this.#state, null, 2)}\n`);
    await written.catch((error) =>
      log.warn(`Cannot write down when GeoIP databases were looked for: ${messageOf(error)}`)
    );
    if (fresh > 0) await placed().catch((error) => log.warn(messageOf(error)));
  }

  /**
   * Fetches one database.
   *
   * @returns what was put in place; `null`: nothing is newer
   * @throws GeoDatabaseError
   */
  async #fetchEdition(
    { role, urls, checksum }: UpdateEdition,
    authorization: string | null,
    state: UpdateState,
  ): Promise<{ readonly role: DatabaseRole; readonly database: FetchedDatabase } | null> {
    const { fetch, files, userAgent } = this.#options;
    const { signal: stop } = this.#stop;
    using time = new Patience({
      ...{ stop, idle: PATIENCE, all: MOST_TIME, clock: this.#options.clock },
    });
    const { signal } = time;
    for (const url of urls) {
      const shown = shownUrl(url);
      const roles = role === null ? ["place", "network"] as const : [role];
      const known = roles.find((one) => state[one]?.url === shown);
      // What somebody removed is fetched again, however old it is.
      const lastModified = known !== undefined && await files.has(known)
        ? state[known]!.lastModified
        : null;
      const request = { url, authorization, lastModified, userAgent, signal };
      const answer = await requestDatabase(fetch, request);
      if (answer.type === "unchanged") return null;
      if (answer.type === "missing") continue;
      time.next();
      const digest = checksum === null
        ? null
        : () => readChecksum(fetch, { ...request, url: checksum, lastModified: null });
      return await this.#take(url, answer, role, digest, time);
    }
    const places = urls.map(shownUrl);
    throw new GeoDatabaseError(
      `${places.join(" and ")} ${places.length > 1 ? "answer" : "answers"} 404`,
    );
  }

  async #take(
    url: string,
    { response, lastModified }: Extract<DatabaseAnswer, { type: "sent" }>,
    wanted: DatabaseRole | null,
    readDigest: (() => Promise<string>) | null,
    time: Patience,
  ): Promise<{ readonly role: DatabaseRole; readonly database: FetchedDatabase }> {
    const { files, bounds, log, clock } = this.#options;
    const shown = shownUrl(url);
    if (response.body === null) throw new GeoDatabaseError(`${shown} sends nothing`);
    const hash = createHash("sha256");
    const { body } = response;
    async function* came(): AsyncGenerator<Uint8Array> {
      for await (const chunk of body) {
        time.next();
        hash.update(chunk);
        yield chunk;
      }
    }
    let path: string | null = null;
    try {
      path = await files.writeNew(unpackDatabase(came(), bounds));
      if (readDigest !== null && await readDigest() !== hash.digest("hex")) {
        throw new GeoDatabaseError("its SHA-256 is another than the one that was told");
      }
      const database = new MmdbDatabase(await files.read(path));
      const kind = kindOf(database.type);
      const role = kind === null ? wanted ?? "place" : kind === "network" ? "network" : "place";
      if (wanted !== null && role !== wanted) {
        throw new GeoDatabaseError(`it is a database of another kind: ${database.type}`);
      }
      await files.place(path, role);
      path = null;
      log.info(`GeoIP database ${database.type} fetched from ${shown}`);
      return { role, database: { url: shown, lastModified, fetchedAt: clock.now() } };
    } catch (error) {
      const text = failureText(error);
      throw new GeoDatabaseError(`${shown} cannot be used: ${text}`, { cause: error });
    } finally {
      if (path !== null) await files.remove(path).catch(() => {});
    }
  }
}

/** Bytes of a checksum file that are read. */
const LONGEST_CHECKSUM = 1000;

/** Reads the SHA-256 that a server tells, as `sha256sum` writes it. @throws GeoDatabaseError */
async function readChecksum(fetch: UpdateFetch, request: DatabaseRequest): Promise<string> {
  const answer = await requestDatabase(fetch, request);
  const shown = shownUrl(request.url);
  if (answer.type !== "sent") throw new GeoDatabaseError(`${shown} answers 404`);
  const reader = new ChunkReader(answer.response.body ?? ReadableStream.from([]));
  const text = new TextDecoder().decode(await reader.take(LONGEST_CHECKSUM));
  await reader.cancel();
  const [digest] = /^[0-9a-f]{64}\b/i.exec(text) ?? [];
  if (digest === undefined) throw new GeoDatabaseError(`${shown} tells no SHA-256`);
  return digest.toLowerCase();
}
