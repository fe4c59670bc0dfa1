import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import type { ListenAddress } from "../../config/config.ts";
import type { RecordedAnswers } from "../../stats/recorder.ts";
import type { ThreadMeasure } from "../../stats/thread_measure.ts";
import type { NoteKind } from "../../store/note_store.ts";
import type { Aliases } from "../request/aliases.ts";
import type { HttpConfig } from "../request/config.ts";
import type { SharedAddress } from "./steering.ts";
import type { ForwardedRequests } from "./forwarder_tally.ts";

/**
 * What the control thread tells the HTTP threads. `Databases` is what the GeoIP adapter makes a
 * resolver of: read-only memory that all threads share.
 */
export type ControlMessage<Databases> =
  | { readonly type: "configuration"; readonly config: HttpConfig }
  /** Every mirror there is; others are forgotten. */
  | { readonly type: "mirrors"; readonly mirrors: readonly MirrorRecord[] }
  /** One mirror was added or changed. */
  | { readonly type: "mirror"; readonly mirror: MirrorRecord }
  | { readonly type: "mirror_removed"; readonly id: number }
  /** What was remembered of these paths may be wrong: the file or a copy of it changed. */
  | { readonly type: "paths"; readonly paths: readonly string[] }
  /** Whatever was remembered of any path may be wrong. */
  | { readonly type: "everything" }
  | { readonly type: "aliases"; readonly aliases: Aliases }
  /** How much of its weight each mirror keeps, 0 to 1, by ID; who is missing keeps all of it. */
  | { readonly type: "quotas"; readonly factors: ReadonlyMap<number, number> }
  /** The random bytes that all nodes draw by, in hexadecimal. */
  | { readonly type: "salt"; readonly salt: string }
  /** Notes that came, changed or went; `fresh`: these are all there are. */
  | {
    readonly type: "notes";
    readonly kind: NoteKind;
    readonly fresh: boolean;
    readonly put: ReadonlyMap<string, string>;
    readonly removed: readonly string[];
  }
  /** Nobody knows yet what is held back: no path is answered until that is told. */
  | { readonly type: "await_holds" }
  /** What nobody knew of mirrors that are never scanned may be asked for again. */
  | { readonly type: "look_again" }
  | { readonly type: "geoip"; readonly databases: Databases }
  /** Listen there besides; answered by `ready` or `error`. */
  | {
    readonly type: "listen";
    readonly address: ListenAddress;
    /** Whether others may listen there too. */
    readonly shared: boolean;
    /** Whether a Unix socket is taken from whoever listens there. Default: false. */
    readonly takeOver?: boolean;
  }
  /** Show a sign of life: `pong`. */
  | { readonly type: "ping" }
  /** Say how you are: `measured`. */
  | { readonly type: "measure" }
  /**
   * What keeps this server from answering requests, and what is wrong though it answers, in words; `null`:
   * nothing.
   */
  | {
    readonly type: "trouble";
    readonly trouble: string | null;
    readonly but: string | null;
    /** Since when the store has been away, in milliseconds since the epoch. Default: it is not. */
    readonly away?: number | null;
  }
  /** Close the port there once nobody asks any more, and let running requests finish. */
  | { readonly type: "unlisten"; readonly address: ListenAddress }
  /** Serve on, but end each connection with its next answer; `quiet` when nobody asks any more. */
  | {
    readonly type: "leave";
    /** Milliseconds to wait for quiet at most; `null`: for as long as it takes. */
    readonly most: number | null;
  }
  /** Let go of all connections, and listen on: `renewing` when that began, then `renewed`. */
  | {
    readonly type: "renew";
    /** Milliseconds that connections have to end by themselves. */
    readonly time: number;
  }
  /** Serve on as before `leave`. */
  | { readonly type: "stay" }
  /** What the thread recorded first of what it still waits for an answer to was taken in. */
  | { readonly type: "taken" }
  /** The first line of the log that the thread still waits for an answer to was taken in. */
  | { readonly type: "logged" }
  /** Close every port, let running requests finish, and send what was recorded; then `stopped`. */
  | { readonly type: "stop" };

/** What an HTTP thread tells the control thread. */
export type HttpMessage =
  /** It takes messages in from now on. */
  | { readonly type: "open" }
  /** It has opened all that it answers with, or cannot; whoever has it listen is told which. */
  | { readonly type: "prepared" }
  | { readonly type: "pong" }
  | { readonly type: "measured"; readonly measure: ThreadMeasure }
  /** It serves where it was told to listen last. */
  | { readonly type: "ready" }
  /** Answered by `taken`. */
  | { readonly type: "recorded"; readonly recorded: RecordedAnswers }
  /** What came since the last time, and who forwarded it without being trusted to. */
  | { readonly type: "forwarded"; readonly forwarded: ForwardedRequests }
  /** Files that mirrors which are never scanned should be asked for. */
  | { readonly type: "wanted"; readonly paths: readonly string[] }
  /** Somebody takes nothing of what is sent, and should be cut off. */
  | { readonly type: "stalled"; readonly peer: SharedAddress }
  /** A line for the runtime log; answered by `logged`. */
  | {
    readonly type: "log";
    readonly level: "debug" | "info" | "warn" | "error";
    readonly message: string;
  }
  /** It can do nothing more: something went wrong that nobody expected. */
  | { readonly type: "died"; readonly reason: string }
  /** Nobody asks any more, or the time for that is over. */
  | { readonly type: "quiet" }
  /** A connection could not be accepted, for this reason; told once a second at most. */
  | { readonly type: "refused"; readonly reason: string }
  /** Connections are let go of. */
  | {
    readonly type: "renewing";
    /** Whether new ones have a socket of their own already. */
    readonly anew: boolean;
  }
  /** All connections of before are gone. */
  | { readonly type: "renewed" }
  /** It cannot serve there, or cannot serve at all. */
  | { readonly type: "error"; readonly message: string }
  /** Everything recorded was sent before this. */
  | { readonly type: "stopped" };
