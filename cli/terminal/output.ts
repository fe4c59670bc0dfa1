import { foldText } from "../../lib/log/fold_text.ts";
import { widthIn } from "./text_width.ts";

/** Where text goes. */
export interface TextWriter {
  /** Writes all of it; a reader that went away is no error. */
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Whether the reader was found to have gone away; absent: it never does. */
  readonly closed?: () => boolean;
  /** Width of the terminal in characters; absent, or without a terminal: any width will do. */
  readonly columns?: () => number;
  /** Lines of the terminal; absent, or without a terminal: any number will do. */
  readonly rows?: () => number;
}

/** What a word may look like, beside what it says. */
export type Colour = "good" | "warn" | "bad" | "dim";

/** SGR parameters (ECMA-48) of each. */
const COLOURS: Readonly<Record<Colour, number>> = { good: 32, warn: 33, bad: 31, dim: 90 };

/** Everything on a page of its own, which vanishes with it; the cursor is not shown. */
const SCREEN = { enter: "\x1b[?1049h\x1b[?25l", leave: "\x1b[?25h\x1b[?1049l" };

/** What a terminal would take for orders, from texts that strangers may have written. */
const CONTROL = /[^\P{Cc}\t\n]/gu;

/** From Hangul Jamo on, letters may take two columns. */
const WIDE = /[\u1100-\u11ff\u2e80-\uffef\u{10000}-\u{10ffff}]/u;

const CLEAR_LINE = "\r\x1b[K";

/** Everything a command says. Control characters in texts are shown as `\ufffd`. */
export class Output {
  readonly #stdout: TextWriter;
  readonly #stderr: TextWriter;
  readonly #colour: boolean;
  readonly #painted: boolean;

  /** @param options.colour whether colours are wanted where there is a terminal */
  constructor(stdout: TextWriter, stderr: TextWriter, options: { readonly colour: boolean }) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#colour = options.colour && stderr.isTerminal;
    this.#painted = options.colour && stdout.isTerminal;
  }

  /** Whether somebody watches: only then progress is worth showing. */
  get isTerminal(): boolean {
    return this.#stdout.isTerminal;
  }

  /** Whether whoever read standard output has gone away, as the last write found. */
  get closed(): boolean {
    return this.#stdout.closed?.() ?? false;
  }

  /** Characters that fit on a line of standard output; where there is no terminal, any number. */
  get columns(): number {
    return this.isTerminal ? this.#stdout.columns?.() ?? Infinity : Infinity;
  }

  /** Lines of the terminal; where there is none, any number. */
  get rows(): number {
    return this.isTerminal ? this.#stdout.rows?.() ?? Infinity : Infinity;
  }

  /**
   * Gives a text a colour where there is a terminal that should have any.
   *
   * @returns for {@linkcode writePainted}: without anything that a terminal would take for an order
   */
  paint(text: string, colour: Colour | null): string {
    const shown = clean(text);
    if (colour === null || !this.#painted) return shown;
    return `\x1b[${COLOURS[colour]}m${shown}\x1b[0m`;
  }

  /** Writes to standard output what {@linkcode paint} gave. */
  writePainted(text: string): void {
    this.#stdout.write(text);
  }

  /**
   * Takes the whole terminal for pictures that follow one another.
   *
   * @returns gives it back when it is disposed of
   */
  screen(): Disposable & {
    /** @param lines what paint() gave */ show(lines: readonly string[]): void;
  } {
    const stdout = this.#stdout;
    stdout.write(SCREEN.enter);
    return {
      // Written over what was there, so that nothing flickers.
      show: (lines) =>
        stdout.write(`\x1b[H${lines.map((line) => `${line}\x1b[K`).join("\r\n")}\x1b[J`),
      [Symbol.dispose]: () => stdout.write(SCREEN.leave),
    };
  }

  /** Writes to standard output as it is, without a line break. */
  write(text: string): void {
    this.#stdout.write(clean(text));
  }

  /** Writes a line to standard output. */
  line(text = ""): void {
    this.write(`${text}\n`);
  }

  /** Writes a JSON document to standard output. */
  json(value: unknown): void {
    this.line(JSON.stringify(value, null, 2));
  }

  /**
   * Replaces what stands on the last line of a terminal; elsewhere nothing happens.
   *
   * @param text narrower than the terminal: a line that breaks would leave its head behind
   */
  replaceLine(text: string): void {
    if (!this.isTerminal) return;
    this.#stdout.write(CLEAR_LINE + clean(text));
  }

  /**
   * Writes sentences to standard output: on a terminal their lines break between words.
   *
   * @param indent what stands before what a line is continued with; default: what the line begins with
   */
  async prose(text: string, indent?: string): Promise<void> {
    const { columns } = this;
    const shown = clean(text);
    this.#stdout.write(
      columns === Infinity
        ? shown
        : foldText(shown, columns, indent, await widthIn(shown.split(/[\n\t]/))),
    );
  }

  /** Writes a line to standard error; on a terminal it breaks between words. */
  errorLine(text = ""): void {
    this.errorWrite(`${text}\n`);
  }

  /** Writes to standard error, without a line break at the end. */
  errorWrite(text: string): void {
    this.#stderr.write(folded(clean(text), this.#errorColumns));
  }

  /**
   * Says what went wrong, on standard error.
   *
   * @param hint what to do
   */
  error(message: string, hint: string | null = null): void {
    this.#labelled("error:", 31, message);
    if (hint !== null) this.#labelled("hint:", 36, hint);
  }

  #labelled(label: string, colour: number, text: string): void {
    const lines = folded(`${label} ${clean(text)}`, this.#errorColumns);
    this.#stderr.write(`${this.#paint(label, colour)}${lines.slice(label.length)}\n`);
  }

  get #errorColumns(): number {
    return this.#stderr.isTerminal ? this.#stderr.columns?.() ?? Infinity : Infinity;
  }

  #paint(text: string, colour: number): string {
    return this.#colour ? `\x1b[1;${colour}m${text}\x1b[0m` : text;
  }
}

/** Texts that nobody waits for: those with letters that take two columns are the terminal's to break. */
function folded(text: string, columns: number): string {
  return columns === Infinity || WIDE.test(text) ? text : foldText(text, columns);
}

function clean(text: string): string {
  return text.replace(CONTROL, "\ufffd");
}
