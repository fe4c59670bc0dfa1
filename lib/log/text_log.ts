import type { Log } from "./log.ts";

/** What {@linkcode TextLog} needs from outside. */
export interface TextLogOptions {
  /** Called with whole lines, each with its line feed, and what they are; must not throw. */
  readonly write: (text: string, level: "debug" | "info" | "warn" | "error") => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Whether debug messages are shown; default false. */
  readonly debug?: boolean;
  /** Whether levels are coloured; default false. */
  readonly colour?: boolean;
}

const COLOURS = { debug: "\x1b[2m", info: "", warn: "\x1b[33m", error: "\x1b[31m" } as const;
const LABELS = { debug: "", info: "", warn: "Warning: ", error: "Error: " } as const;

/** The runtime log as lines of text: `2026/11/22 15:04:05.000 UTC message`. */
export class TextLog implements Log {
  readonly #options: TextLogOptions;

  constructor(options: TextLogOptions) {
    this.#options = options;
  }

  debug(message: string): void {
    if (this.#options.debug) this.#line("debug", message);
  }

  info(message: string): void {
    this.#line("info", message);
  }

  warn(message: string): void {
    this.#line("warn", message);
  }

  error(message: string): void {
    this.#line("error", message);
  }

  #line(level: keyof typeof COLOURS, message: string): void {
    const time = new Date(this.#options.now()).toISOString();
    const stamp = `${time.slice(0, 10).replaceAll("-", "/")} ${time.slice(11, 23)} UTC`;
    const text = LABELS[level] + escapeControls(message);
    const colour = this.#options.colour ? COLOURS[level] : "";
    this.#options.write(`${stamp} ${colour}${text}${colour && "\x1b[0m"}\n`, level);
  }
}

/** One message is one line, and cannot drive a terminal, whatever a mirror or a client put into it. */
function escapeControls(text: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}
