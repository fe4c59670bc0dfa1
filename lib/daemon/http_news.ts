import type { Config } from "../config/config.ts";
import type { MirrorMemory } from "../control/mirror_memory.ts";
import type { ControlMessage } from "../http/threads/messages.ts";
import type { Log } from "../log/log.ts";
import type { Store } from "../store/store.ts";
import { drawsByAddress } from "../http/request/salt.ts";
import { HttpFeed } from "../http/threads/feed.ts";
import { messageOf } from "../log/message_of.ts";
import { type NotesChanged, NoteWatch } from "../store/cache/note_watch.ts";
import { newSalt } from "./random_bytes.ts";
import { systemClock } from "./system_clock.ts";

/** Notes of metadata sets. */
const SET_NOTES = ["set", "set_mirror", "require"] as const;

/** What {@linkcode HttpNews} work with. */
export interface HttpNewsOptions {
  readonly store: Store;
  /** The configuration in force now. */
  readonly config: () => Config;
  /** Tells every HTTP thread. */
  readonly send: (message: ControlMessage<never>) => void;
  /** Takes note of the mirrors that are told of. */
  readonly memory: MirrorMemory;
  /** Called with notes of metadata sets, which the control side keeps as well. */
  readonly onSetNotes: (change: NotesChanged) => void;
  /** What is in the way of answering, in words; `null`: nothing. */
  readonly trouble: () => string | null;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** What the HTTP threads are told of one store: mirrors, notes, salt, and what is wrong. */
export class HttpNews {
  readonly #options: HttpNewsOptions;

  constructor(options: HttpNewsOptions) {
    this.#options = options;
  }

  /**
   * Begins to tell.
   *
   * @returns when they know the mirrors, or the store does not answer yet
   */
  async start(): Promise<void> {
    const { store, config, send, memory, log, signal } = this.#options;
    store.watch((change) => {
      if (change.type === "availability") memory.note(change);
      if (change.type === "condition" || change.type === "availability") this.tellTrouble();
    }, signal);
    const feed = new HttpFeed({
      ...{ store, log, clock: systemClock },
      checkInterval: () => config().checkInterval,
      send: (message) => {
        if (isMirrorNews(message)) memory.note(message);
        send(message);
      },
    });
    await feed.start(signal);
    await this.#startNotes();
  }

  /** The configuration is another one. */
  configured(): void {
    void this.#tellSalt();
  }

  /** Tells what is in the way, or wrong though requests are answered. */
  tellTrouble(): void {
    const { store, send, memory, trouble } = this.#options;
    send({ type: "trouble", trouble: trouble(), but: store.trouble, away: memory.away });
  }

  /** Tells what they have to know of notes, and the salt that all nodes draw by. */
  async #startNotes(): Promise<void> {
    const { store, send, log, signal, onSetNotes } = this.#options;
    store.watch((change) => {
      if (change.type === "availability" && change.available) void this.#tellSalt();
    }, signal);
    const watch = new NoteWatch({
      store,
      // What is held back first: until it is known, no path is answered.
      kinds: ["hold", ...SET_NOTES, "gone", "carried", "latest", "embargo", "rollout"],
      failed: (error) => log.debug(`Cannot read the notes: ${messageOf(error)}`),
      changed: (change) => {
        if (change.kind !== "gone") {
          if (SET_NOTES.some((kind) => kind === change.kind)) onSetNotes(change);
          return send({ type: "notes", ...change });
        }
        // Threads read the rest where somebody asks for it.
        const put = new Map([...change.put.keys()].map((path) => [path, ""]));
        send({ type: "notes", ...change, put });
      },
    });
    send({ type: "await_holds" });
    await Promise.all([this.#tellSalt(), watch.start(signal)]);
  }

  /** Tells the salt, where they draw by it; it is made when it is first needed. */
  async #tellSalt(): Promise<void> {
    const { store, config, send, log } = this.#options;
    if (!drawsByAddress(config())) return;
    try {
      send({ type: "salt", salt: await store.notes.salt(newSalt()) });
    } catch (error) {
      log.debug(`Cannot read the salt: ${messageOf(error)}`);
    }
  }
}

type MirrorNews = Extract<
  ControlMessage<never>,
  { type: "mirror" | "mirror_removed" | "mirrors" }
>;

function isMirrorNews(message: ControlMessage<never>): message is MirrorNews {
  return ["mirror", "mirror_removed", "mirrors"].includes(message.type);
}
