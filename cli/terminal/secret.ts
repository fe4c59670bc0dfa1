/** The keys that mean something while a secret is typed. */
const KEYS = { interrupt: "\x03", end: "\x04", backspace: ["\x7f", "\b"], enter: ["\r", "\n"] };

/**
 * Takes what is typed on a terminal in raw mode for a secret, up to the enter key.
 *
 * @param chunks what the terminal sends, decoded
 * @returns `null` when the user interrupted, or input ended before anything was typed
 */
export async function typedSecret(chunks: AsyncIterable<string>): Promise<string | null> {
  let typed: string[] = [];
  for await (const chunk of chunks) {
    for (const key of chunk) {
      if (KEYS.enter.includes(key)) return typed.join("");
      if (key === KEYS.interrupt || key === KEYS.end) return null;
      if (KEYS.backspace.includes(key)) typed = typed.slice(0, -1);
      else if (key >= " ") typed.push(key);
    }
  }
  return typed.length === 0 ? null : typed.join("");
}
