import type { Listing } from "./listings.ts";
import { type Unlisted, whyUnlisted } from "./unlisted.ts";

/** What the redirector says of the mirrors for a path and an address. */
interface MirrorLists {
  readonly MirrorList?: readonly { readonly Name: string }[];
  readonly ExcludedList?: readonly { readonly Name: string; readonly ExcludeReason: string }[];
}

/** A mirror as this sees it. */
interface Mirror {
  /** Base URL with a trailing slash. */
  readonly url: string;
  readonly name: string;
  /** Where its files are. */
  readonly directory: string;
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
  /** Since when that had the file, where the redirector did not know, in milliseconds since the epoch. */
  readonly since?: number | null;
  /** When the first listing that showed it began, likewise. */
  readonly listed?: number;
}

/**
 * Judges whether each address keeps its mirror while that may serve: the order of the mirrors is fixed for an
 * address, and an answer leads to the first of them that may serve. Whether one may is what the redirector
 * says right before and right after the answer; where it says nothing of a mirror, the mirror's disk and the
 * listings of it tell whether it could know that the file is there.
 */
export class Keeping {
  readonly #base: string;
  readonly #mirrors: readonly Mirror[];
  readonly #orders = new Map<string, readonly string[]>();
  /** Answers that led to the mirror that an address has when all may serve. */
  kept = 0;
  /** Answers that led past a mirror, by what kept that one from serving. */
  readonly reasons = new Map<string, number>();
  /** Answers that led past a mirror that could have served. */
  readonly broken: Broken[] = [];
  /** Answers that led past a mirror of which nothing was said; {@linkcode settle} judges them. */
  readonly #unlisted: (Broken & Unlisted)[] = [];
  /** What is being judged. */
  readonly #pending = new Set<Promise<void>>();

  /**
   * @param address of the redirector
   * @param mirrors all of them
   */
  constructor(address: string, mirrors: readonly Mirror[]) {
    this.#base = `http://${address}`;
    this.#mirrors = mirrors;
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
    return this.#mirrors.find(({ url }) => location.startsWith(url))?.name ?? null;
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
  judge(path: string, client: string, location: string, before: MirrorLists): void {
    const judged = this.#judge(path, client, location, before)
      .finally(() => this.#pending.delete(judged));
    this.#pending.add(judged);
  }

  async #judge(path: string, client: string, location: string, before: MirrorLists): Promise<void> {
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
      const broken = { client, path, time, server, passed: name };
      if (reason === null) this.broken.push(broken);
      else if (reason !== UNLISTED) this.#count(reason);
      else this.#unlisted.push({ ...broken, since: await this.#since(path, name) });
    }
  }

  /** Judges what only the logs can tell, at the end. @param listings of all mirrors */
  async settle(listings: readonly Listing[]): Promise<void> {
    await Promise.all(this.#pending);
    for (const { since, ...broken } of this.#unlisted.splice(0)) {
      const reason = whyUnlisted({ ...broken, since }, listings);
      if (typeof reason === "string") this.#count(reason);
      else this.broken.push({ ...broken, since, listed: reason.from });
    }
  }

  #count(reason: string): void {
    this.reasons.set(reason, 1 + (this.reasons.get(reason) ?? 0));
  }

  /** Since when a mirror has a file at the latest, in milliseconds since the epoch; `null`: it has none. */
  async #since(path: string, name: string): Promise<number | null> {
    const { directory } = this.#mirrors.find((mirror) => mirror.name === name)!;
    try {
      // rsync gives a file the modification time of the source; the inode's tells when it came.
      const { ctime } = await Deno.stat(directory + decodeURIComponent(path));
      return ctime!.getTime() + CTIME_PRECISION;
    } catch {
      return null;
    }
  }
}

/** The runtime tells the time of an inode in whole seconds. */
const CTIME_PRECISION = 1000;

/** The redirector does not know that the mirror has the file. */
const UNLISTED = "It is not listed";

/** Why a mirror may not serve; `null`: it may. */
function reasonOf(
  { MirrorList = [], ExcludedList = [] }: MirrorLists,
  name: string,
): string | null {
  if (MirrorList.some(({ Name }) => Name === name)) return null;
  const reason = ExcludedList.find(({ Name }) => Name === name)?.ExcludeReason;
  return (reason ?? UNLISTED).replaceAll(/\d+/g, "N");
}
