/** What a {@linkcode RespServer} answers to a command, as it stands on the wire: `+OK\r\n`, `$-1\r\n`. */
export type RespAnswer = (command: readonly string[]) => string;

/**
 * A server on a free port of 127.0.0.1 that speaks Redis' protocol and answers what a test wants, for
 * answers that a real Redis or Sentinel does not give when it is told to.
 */
export class RespServer implements AsyncDisposable {
  /** TCP. */
  readonly port: number;
  readonly #listener: Deno.Listener;
  readonly #answer: RespAnswer;
  readonly #connections = new Set<Deno.Conn>();
  readonly #accepting: Promise<void>;

  /** @param answer gives the answer to a command: its name in capitals, then its arguments */
  constructor(answer: RespAnswer) {
    this.#answer = answer;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.port = (this.#listener.addr as Deno.NetAddr).port;
    this.#accepting = this.#accept();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#connections) connection.close();
    await this.#accepting;
  }

  async #accept(): Promise<void> {
    const serving: Promise<void>[] = [];
    while (true) {
      const connection = await this.#listener.accept().catch(() => null);
      if (connection === null) break;
      this.#connections.add(connection);
      serving.push(this.#serve(connection).catch(() => {}));
    }
    await Promise.all(serving);
  }

  async #serve(connection: Deno.Conn): Promise<void> {
    let text = "";
    const chunk = new Uint8Array(65_536);
    // Each byte as a character: lengths count bytes.
    const decoder = new TextDecoder("latin1");
    try {
      while (true) {
        const size = await connection.read(chunk);
        if (size === null) return;
        text += decoder.decode(chunk.subarray(0, size));
        for (let found = parse(text); found !== null; found = parse(text)) {
          text = text.slice(found.end);
          const [name = "", ...args] = found.command;
          const answer = this.#answer([name.toUpperCase(), ...args]);
          await connection.write(new TextEncoder().encode(answer));
        }
      }
    } finally {
      if (this.#connections.delete(connection)) {
        try {
          connection.close();
        } catch {
          // It is closed already.
        }
      }
    }
  }
}

/** Writes an answer that is a list of texts. */
export function respList(texts: readonly string[]): string {
  return `*${texts.length}\r\n${texts.map(respText).join("")}`;
}

/** Writes an answer that is a text. */
export function respText(text: string): string {
  return `$${new TextEncoder().encode(text).length}\r\n${text}\r\n`;
}

/** Reads the first command. @returns `null` when it is not there wholly */
function parse(text: string): { command: string[]; end: number } | null {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (!head) return null;
  let at = head[0].length;
  const command: string[] = [];
  for (let i = 0; i < Number(head[1]); i++) {
    const length = /^\$(\d+)\r\n/.exec(text.slice(at, at + 20));
    if (!length) return null;
    at += length[0].length;
    const end = at + Number(length[1]);
    if (text.length < end + 2) return null;
    command.push(text.slice(at, end));
    at = end + 2;
  }
  return { command, end: at };
}
