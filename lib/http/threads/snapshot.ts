import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import type { HttpConfig } from "../request/config.ts";
import { KnownNotes } from "../../store/cache/known_notes.ts";
import type { ControlMessage } from "./messages.ts";

type GeoMessage<Databases> = Extract<ControlMessage<Databases>, { type: "geoip" }>;
type TroubleMessage = Extract<ControlMessage<never>, { type: "trouble" }>;
type QuotaMessage = Extract<ControlMessage<never>, { type: "quotas" }>;
type SaltMessage = Extract<ControlMessage<never>, { type: "salt" }>;
type AliasMessage = Extract<ControlMessage<never>, { type: "aliases" }>;

/** What the HTTP threads have been told and still holds: everything that a new one has to know. */
export class HttpSnapshot<Databases> {
  #config: HttpConfig;
  #mirrors = new Map<number, MirrorRecord>();
  #aliases: AliasMessage | null = null;
  #quotas: QuotaMessage | null = null;
  #salt: SaltMessage | null = null;
  #awaitsHolds = false;
  readonly #notes = new KnownNotes();
  #geo: GeoMessage<Databases> | null = null;
  #trouble: TroubleMessage | null = null;

  /** @param config the configuration that the first thread starts with */
  constructor(config: HttpConfig) {
    this.#config = config;
  }

  /** The configuration in force. */
  get config(): HttpConfig {
    return this.#config;
  }

  /**
   * Keeps what a message says.
   *
   * @returns whether it says anything new; a health check that finds what the last one found does not
   */
  take(message: ControlMessage<Databases>): boolean {
    switch (message.type) {
      case "configuration":
        this.#config = message.config;
        return true;
      case "mirrors":
        this.#mirrors = new Map(message.mirrors.map((mirror) => [mirror.id, mirror]));
        return true;
      case "mirror": {
        const { mirror } = message;
        const known = this.#mirrors.get(mirror.id);
        this.#mirrors.set(mirror.id, mirror);
        return known === undefined || JSON.stringify(known) !== JSON.stringify(mirror);
      }
      case "mirror_removed":
        return this.#mirrors.delete(message.id);
      case "aliases":
        this.#aliases = message;
        return true;
      case "quotas":
        this.#quotas = message;
        return true;
      case "salt":
        if (this.#salt?.salt === message.salt) return false;
        this.#salt = message;
        return true;
      case "await_holds":
        this.#awaitsHolds = true;
        return true;
      case "notes":
        this.#notes.take(message);
        if (message.kind === "hold") this.#awaitsHolds = false;
        return true;
      case "geoip":
        this.#geo = message;
        return true;
      case "trouble":
        if (JSON.stringify(this.#trouble) === JSON.stringify(message)) return false;
        this.#trouble = message;
        return true;
      default:
        return true;
    }
  }

  /** What to tell a thread that has missed changes. */
  news(): ControlMessage<Databases>[] {
    const config = this.#config;
    return [{ type: "configuration", config }, ...this.messages(), { type: "everything" }];
  }

  /** What to tell a thread that was started with {@linkcode config}. */
  messages(): ControlMessage<Databases>[] {
    const messages: ControlMessage<Databases>[] = [
      { type: "mirrors", mirrors: [...this.#mirrors.values()] },
    ];
    if (this.#aliases !== null) messages.push(this.#aliases);
    if (this.#quotas !== null) messages.push(this.#quotas);
    if (this.#salt !== null) messages.push(this.#salt);
    if (this.#awaitsHolds) messages.push({ type: "await_holds" });
    for (const [kind, put] of this.#notes.all()) {
      messages.push({ type: "notes", kind, fresh: true, put, removed: [] });
    }
    if (this.#geo !== null) messages.push(this.#geo);
    if (this.#trouble !== null) messages.push(this.#trouble);
    return messages;
  }
}
