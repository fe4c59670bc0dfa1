/** What the redirector says of the mirrors for a path and an address. */
interface MirrorLists {
  readonly MirrorList?: readonly { readonly Name: string }[];
  readonly ExcludedList?: readonly { readonly Name: string; readonly ExcludeReason: string }[];
}

/** An answer that led an address past a mirror of its own that could have served it. */
export interface Broken {
  readonly client: string;
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Where it led. */
  readonly server: string;
  /** The mirror that comes before. */
  readonly passed: string;
}

/**
 * Judges whether each address keeps its mirror while that may serve: the order of the mirrors is fixed for an
 * address, and an answer leads to the first of them that may serve. Whether one may is what the redirector
 * says right before and right after the answer.
 */
export class Keeping {
  readonly #base: string;
  readonly #names: ReadonlyMap<string, string>;
  readonly #orders = new Map<string, readonly string[]>();
  /** Answers that led to the mirror that an address has when all may serve. */
  kept = 0;
  /** Answers that led past a mirror, by what kept that one from serving. */
  readonly reasons = new Map<string, number>();
  /** Answers that led past a mirror that could have served. */
  readonly broken: Broken[] = [];

  /**
   * @param address of the redirector
   * @param names of the mirrors, by their base URLs
   */
  constructor(address: string, names: ReadonlyMap<string, string>) {
    this.#base = `http://${address}`;
    this.#names = names;
  }

  /** Learns the order that addresses have while every mirror serves a path. */
  async learn(path: string, clients: Iterable<string>): Promise<void> {
    for (const client of clients) {
      const order: string[] = [];
      for (let server; (server = await this.#next(path, client, order)) !== null;) {
        order.push(server);
      }
      this.#orders.set(client, order);
    }
  }

  /** Asks which mirror an address gets that wants none of some. @returns `null`: there are no others */
  async #next(path: string, client: string, but: readonly string[]): Promise<string | null> {
    const response = await fetch(`${this.#base}${path}?avoid=${but}`, {
      ...{ method: "HEAD", redirect: "manual", headers: { "x-forwarded-for": client } },
    });
    const server = this.#nameOf(response.headers.get("location") ?? "");
    return server === null || but.includes(server) ? null : server;
  }

  /** @returns `null`: it leads to none of the servers */
  #nameOf(location: string): string | null {
    return [...this.#names].find(([base]) => location.startsWith(base))?.[1] ?? null;
  }

  /** Asks which mirrors may serve a path to an address. */
  async ask(path: string, client: string): Promise<MirrorLists> {
    const headers = { accept: "application/json", "x-forwarded-for": client };
    const response = await fetch(`${this.#base}${path}?mirrorlist`, { headers });
    return response.headers.get("content-type")?.includes("json")
      ? await response.json()
      : (await response.body?.cancel(), {});
  }

  /**
   * Takes in where an answer led.
   *
   * @param before what was said before it
   */
  async judge(path: string, client: string, location: string, before: MirrorLists): Promise<void> {
    const server = this.#nameOf(location) ?? "no mirror";
    const order = this.#orders.get(client) ?? [];
    const place = order.indexOf(server);
    const passed = place < 0 ? order : order.slice(0, place);
    if (passed.length === 0) {
      this.kept++;
      return;
    }
    const time = Date.now();
    const after = await this.ask(path, client);
    for (const name of passed) {
      const reason = reasonOf(before, name) ?? reasonOf(after, name);
      if (reason === null) this.broken.push({ client, path, time, server, passed: name });
      else this.reasons.set(reason, 1 + (this.reasons.get(reason) ?? 0));
    }
  }
}

/** Why a mirror may not serve; `null`: it may. */
function reasonOf(
  { MirrorList = [], ExcludedList = [] }: MirrorLists,
  name: string,
): string | null {
  if (MirrorList.some(({ Name }) => Name === name)) return null;
  const reason = ExcludedList.find(({ Name }) => Name === name)?.ExcludeReason;
  return (reason ?? "It is not listed").replaceAll(/\d+/g, "N");
}
