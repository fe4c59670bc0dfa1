import type { Keeping } from "./keeping.ts";
import { updateOf } from "./logged_server.ts";

/** An answer that sent an update elsewhere. */
export interface Redirect {
  readonly update: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly location: string;
}

/** A trusted proxy before the redirector: it gives each update one of the addresses. */
export class Front implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  /** Where updates were sent. */
  readonly redirects: Redirect[] = [];

  /**
   * Starts it on a free port of 127.0.0.1.
   *
   * @param address of the redirector
   * @param addresses how many there are
   * @param keeping judges where answers lead
   */
  constructor(address: string, addresses: number, keeping: Keeping) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      async (request) => {
        const { pathname, search } = new URL(request.url);
        const headers = new Headers(request.headers);
        headers.delete("host");
        const update = updateOf(headers.get("user-agent") ?? "") ?? 0;
        const client = addressOf(update, addresses);
        headers.set("x-forwarded-for", client);
        const { method } = request;
        const before = await keeping.ask(pathname, client);
        const response = await fetch(`http://${address}${pathname}${search}`, {
          method,
          headers,
          redirect: "manual",
        });
        const location = response.headers.get("location");
        if (location !== null) {
          this.redirects.push({ update, time: Date.now(), location });
          keeping.judge(pathname, client, location, before);
        }
        return response;
      },
    );
  }

  /** Base URL with a trailing slash. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** The address that an update comes from; every second update is at the source alone. */
export function addressOf(update: number, addresses: number): string {
  return `198.51.100.${1 + Math.floor(update / 2) % addresses}`;
}
