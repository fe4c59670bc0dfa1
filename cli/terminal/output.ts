/** Where text goes. */
export interface TextWriter {
  /** Writes all of it; a reader that went away is no error. */
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Width of the terminal in characters; absent, or without a terminal: any width will do. */
  readonly columns?: () => number;
}

/** What a terminal would take for orders, from texts that strangers may have written. */
const CONTROL = /[^\P{Cc}\t\n]/gu;

const CLEAR_LINE = "\r\x1b[K";

/** Everything a command says. Control characters in texts are shown as `\ufffd`. */
export class Output {
  readonly #stdout: TextWriter;
  readonly #stderr: TextWriter;
  readonly #colour: boolean;

  /** @param options.colour whether colours are wanted where there is a terminal */
  constructor(stdout: TextWriter, stderr: TextWriter, options: { readonly colour: boolean }) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#colour = options.colour && stderr.isTerminal;
  }

  /** Whether somebody watches: only then progress is worth showing. */
  get isTerminal(): boolean {
    return this.#stdout.isTerminal;
  }

  /** Characters that fit on a line of standard output; where there is no terminal, any number. */
  get columns(): number {
    return this.isTerminal ? this.#stdout.columns?.() ?? Infinity : Infinity;
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

  /** Writes a line to standard error. */
  errorLine(text = ""): void {
    this.#stderr.write(`${clean(text)}\n`);
  }

  /** Writes to standard error, without a line break. */
  errorWrite(text: string): void {
    this.#stderr.write(clean(text));
  }

  /**
   * Says what went wrong, on standard error.
   *
   * @param hint what to do
   */
  error(message: string, hint: string | null = null): void {
    this.#stderr.write(`${this.#paint("error:", 31)} ${clean(message)}\n`);
    if (hint !== null) this.#stderr.write(`${this.#paint("hint:", 36)} ${clean(hint)}\n`);
  }

  #paint(text: string, colour: number): string {
    return this.#colour ? `\x1b[1;${colour}m${text}\x1b[0m` : text;
  }
}

function clean(text: string): string {
  return text.replace(CONTROL, "\ufffd");
}
