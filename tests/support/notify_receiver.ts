import { waitFor } from "./wait_for.ts";

/** A service manager's end of NOTIFY_SOCKET: a datagram socket that keeps what arrives. */
export class NotifyReceiver implements AsyncDisposable {
  /** What arrived so far. */
  readonly messages: string[] = [];
  readonly #socket: Deno.DatagramConn;
  readonly #reading: Promise<void>;

  /** @param path where to listen; an abstract name begins with a NUL character */
  constructor(path: string) {
    this.#socket = Deno.listenDatagram({ transport: "unixpacket", path });
    this.#reading = this.#read();
  }

  /** Waits for a message. @returns all that begin with the text */
  async waitFor(text: string, count = 1): Promise<readonly string[]> {
    const found = (): string[] => this.messages.filter((message) => message.startsWith(text));
    await waitFor(() => found().length >= count, {
      what: `${count} messages ${text}, got ${JSON.stringify(this.messages)}`,
    });
    return found();
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const [bytes] of this.#socket) this.messages.push(decoder.decode(bytes));
    } catch {
      // It was closed.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.#reading;
  }
}
