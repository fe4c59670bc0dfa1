/** What the redirector answers for a path: `302 <location>`, or a status alone. */
export type Answer = string;

/** Requests on their way at most. */
const AT_ONCE = 100;

/** Asks the redirector over one connection, many requests at a time, so that asking costs little. */
export class Asker implements AsyncDisposable {
  readonly #address: Deno.ConnectOptions;
  #connection: Deno.TcpConn | null = null;
  readonly #bytes = new Uint8Array(65_536);

  /** @param address of the redirector: `127.0.0.1:8080` */
  constructor(address: string) {
    const { hostname, port } = new URL(`http://${address}`);
    this.#address = { hostname, port: Number(port) };
  }

  /** Asks for paths, as they are sent. @returns the answers, in the same order */
  async ask(paths: readonly string[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let start = 0; start < paths.length; start += AT_ONCE) {
      answers.push(...await this.#ask(paths.slice(start, start + AT_ONCE)));
    }
    return answers;
  }

  async #ask(paths: readonly string[]): Promise<Answer[]> {
    const connection = this.#connection ??= await Deno.connect(this.#address);
    const requests = paths.map((path) => `HEAD ${path} HTTP/1.1\r\nHost: follow\r\n\r\n`).join("");
    const bytes = new TextEncoder().encode(requests);
    for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
    const decoder = new TextDecoder();
    let text = "";
    let heads: string[];
    while ((heads = text.split("\r\n\r\n")).length <= paths.length) {
      const read = await connection.read(this.#bytes);
      if (read === null) throw new Error("The redirector closed the connection");
      text += decoder.decode(this.#bytes.subarray(0, read), { stream: true });
    }
    return heads.slice(0, paths.length).map((head) => {
      const [, status = head] = /^HTTP\/1\.1 (\d+)/.exec(head) ?? [];
      const [, location] = /^location: (.*)$/im.exec(head) ?? [];
      return location === undefined ? status : `${status} ${location}`;
    });
  }

  /** Closes the connection. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#connection?.close();
    return Promise.resolve();
  }
}
