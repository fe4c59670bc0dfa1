/** Messages that wait, at most: beyond that the oldest are dropped. */
export const MOST_MESSAGES = 1_000;

/** A message on its way to one receiver. */
export interface StoredMessage {
  /** Names it for good: who gets it twice can tell. */
  readonly id: string;
  /** Who it is for. */
  readonly receiver: string;
  /** The node that is to send it. */
  readonly node: string;
  /** What it says, as whoever wrote it reads it. */
  readonly content: string;
  /** When it was written, in milliseconds since the epoch. */
  readonly time: number;
  /** How often it was tried. */
  readonly attempts: number;
  /** When it is to be tried next, in milliseconds since the epoch; `null`: it waits for a summary. */
  readonly due: number | null;
}

/** A change of what waits and what is known to be told; all of it is made, or nothing. */
export interface MessageChange {
  /**
   * What must be known for the change to be made; `null`: nothing is known under that key. Whoever finds
   * something else came too late: another node has told it.
   */
  readonly expect?: { readonly key: string; readonly value: string | null };
  /** Messages to keep; one that is kept already under its ID is replaced. */
  readonly put?: readonly StoredMessage[];
  /** IDs of messages that wait no more. */
  readonly remove?: readonly string[];
  /** What is known from now on; `null`: nothing under that key any more. */
  readonly told?: ReadonlyMap<string, string | null>;
}

/** Port: what is to be told, and what was, for all nodes. Methods may throw `StoreUnavailableError`. */
export interface MessageStore {
  /** The messages that wait, the oldest first. */
  waiting(): Promise<StoredMessage[]>;
  /** One of them. @returns `null` when it waits no more */
  message(id: string): Promise<StoredMessage | null>;
  /** What is known to be told. */
  told(): Promise<Map<string, string>>;
  /**
   * Makes a change.
   *
   * @returns the messages that were dropped because more than {@linkcode MOST_MESSAGES} waited; `null`
   *   when what was expected is not so, and nothing was changed
   */
  change(change: MessageChange): Promise<readonly StoredMessage[] | null>;
  /**
   * Says for some seconds that a node sends messages.
   *
   * @returns the names of all nodes that do, sorted
   */
  announce(node: string): Promise<string[]>;
}
