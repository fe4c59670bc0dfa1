/**
 * What is used of `@std/cli/prompt-secret`, over the terminal of Deno. Where JSR can be reached, this
 * line of deno.json puts the real one in: `"@std/cli/prompt-secret": "jsr:@std/cli@1/prompt-secret"`.
 *
 * @module
 */

/** How a secret is asked for. */
export interface PromptSecretOptions {
  /** What stands for each character that is typed; empty: nothing. Default: `*`. */
  readonly mask?: string;
}

/** The keys that mean something while a secret is typed. */
const KEYS = { interrupt: "\x03", end: "\x04", backspace: ["\x7f", "\b"], enter: ["\r", "\n"] };

/** Longer secrets are none: somebody pasted a file. */
const MOST_CHARACTERS = 4096;

/**
 * Asks for a line on the terminal that is not shown. Nothing else happens meanwhile: this thread waits.
 *
 * @param message what is asked; on standard error, so that what the program prints can go to a file
 * @returns `null` when the user interrupted, input ended before anything was typed, or standard input
 *   is no terminal
 */
export function promptSecret(
  message = "Secret",
  { mask = "*" }: PromptSecretOptions = {},
): string | null {
  if (!Deno.stdin.isTerminal()) return null;
  Deno.stdin.setRaw(true);
  try {
    if (message !== "") show(`${message} `);
    return typedSecret(mask);
  } finally {
    Deno.stdin.setRaw(false);
    show("\n");
  }
}

function typedSecret(mask: string): string | null {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(256);
  const typed: string[] = [];
  for (let count = Deno.stdin.readSync(buffer); count; count = Deno.stdin.readSync(buffer)) {
    for (const key of decoder.decode(buffer.subarray(0, count), { stream: true })) {
      if (KEYS.enter.includes(key)) return typed.join("");
      if (key === KEYS.interrupt || key === KEYS.end) return null;
      if (KEYS.backspace.includes(key)) {
        if (typed.pop() !== undefined) show("\b \b".repeat(mask.length));
      } else if (key >= " " && typed.length < MOST_CHARACTERS) {
        typed.push(key);
        show(mask);
      }
    }
  }
  return typed.length === 0 ? null : typed.join("");
}

function show(text: string): void {
  if (text !== "") Deno.stderr.writeSync(new TextEncoder().encode(text));
}
