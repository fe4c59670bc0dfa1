import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import type { Log } from "../../log/log.ts";
import type { ControlMessage } from "./messages.ts";

/** Bytes, about, that may wait for a thread: some 200 000 paths. */
const LIMIT = 32_000_000;

/** Bytes of a path or another entry of a list, besides its text. */
const ENTRY = 48;

/** Bytes of a symbolic link and what it stands for, about. */
const LINK = 250;

/** Bytes of a mirror besides its long texts, about. */
const MIRROR = 2_000;

/** Bytes of any message, at least. */
const MESSAGE = 200;

/** What a {@linkcode Mailbox} works with. */
export interface MailboxOptions<Databases> {
  /** Sends a message to the thread, where it waits until the thread has time. */
  readonly send: (message: ControlMessage<Databases>) => void;
  /** Everything that the thread has to know now. */
  readonly news: () => readonly ControlMessage<Databases>[];
  readonly log: Pick<Log, "warn" | "info">;
  /** Bytes, about, that may wait; default 32 million. */
  readonly limit?: number;
}

/**
 * The way to a thread, where a bounded amount waits: a thread may hang, and changes go on. Who is behind is
 * told of no change; when it has taken in what it was sent, it is told how everything is now.
 */
export class Mailbox<Databases> {
  readonly #options: MailboxOptions<Databases>;
  readonly #limit: number;
  /** Bytes that were sent before each ping that is not answered, since the one before. */
  readonly #pings: number[] = [];
  /** Bytes that were sent since the last ping. */
  #since = 0;
  /** Bytes that were sent and are not known to be taken in. */
  #waiting = 0;
  #behind = false;
  #told = false;

  constructor(options: MailboxOptions<Databases>) {
    this.#options = options;
    this.#limit = options.limit ?? LIMIT;
  }

  /** Sends a message, unless it tells of a change and the thread is behind. */
  send(message: ControlMessage<Databases>): void {
    if (isChange(message)) {
      if (this.#behind) return;
      if (this.#waiting >= this.#limit) return this.#fallBehind();
    }
    this.#post(message);
    // Now and then, so that it is known how far the thread is.
    if (this.#since >= this.#limit / 4) this.#ping();
  }

  /** The thread has answered the first ping that was not answered. */
  answered(): void {
    this.#waiting -= this.#pings.shift() ?? 0;
    if (this.#pings.length > 0) return;
    const { news, log } = this.#options;
    if (this.#behind) {
      this.#behind = false;
      for (const message of news()) this.#post(message);
      this.#ping();
    } else if (this.#told) {
      this.#told = false;
      log.info("An HTTP thread takes in again what changes");
    }
  }

  #fallBehind(): void {
    this.#behind = true;
    this.#ping();
    if (this.#told) return;
    this.#told = true;
    this.#options.log.warn(
      "An HTTP thread does not take in what changes: it is told everything anew when it does",
    );
  }

  #ping(): void {
    this.#post({ type: "ping" });
  }

  #post(message: ControlMessage<Databases>): void {
    const size = sizeOf(message);
    this.#since += size;
    this.#waiting += size;
    if (message.type === "ping") {
      this.#pings.push(this.#since);
      this.#since = 0;
    }
    this.#options.send(message);
  }
}

/** Whether a message tells how something is now. Others ask for something, and are few. */
function isChange({ type }: ControlMessage<unknown>): boolean {
  switch (type) {
    case "configuration":
    case "mirrors":
    case "mirror":
    case "mirror_removed":
    case "paths":
    case "everything":
    case "aliases":
    case "quotas":
    case "salt":
    case "notes":
    case "geoip":
    case "trouble":
      return true;
    default:
      return false;
  }
}

/** Bytes that a message takes while it waits, about. */
function sizeOf(message: ControlMessage<unknown>): number {
  switch (message.type) {
    case "paths":
      return message.paths.reduce((sum, { length }) => sum + ENTRY + length, MESSAGE);
    case "mirror":
      return sizeOfMirror(message.mirror);
    case "mirrors":
      return message.mirrors.reduce((sum, mirror) => sum + sizeOfMirror(mirror), MESSAGE);
    case "aliases":
      return MESSAGE + message.aliases.size * LINK;
    case "notes":
      return MESSAGE + [...message.put].flat().concat(message.removed)
        .reduce((sum, { length }) => sum + ENTRY + length, 0);
    case "quotas":
      return MESSAGE + message.factors.size * ENTRY;
    default:
      return MESSAGE;
  }
}

function sizeOfMirror({ comment, customData }: MirrorRecord): number {
  return MIRROR + comment.length + customData.length;
}
