import type { ListedFile } from "../../catalog/file.ts";
import { SourceTree } from "../../catalog/source_tree.ts";
import type { Clock } from "../../clock/clock.ts";
import { Breather } from "../breather.ts";
import { type Lister, type Listing, ListingError, type ListingOptions } from "../lister.ts";
import { Warnings } from "../warnings.ts";
import { BucketReader } from "./bucket_reader.ts";
import { DirectoryJudge } from "./directory_judge.ts";
import { httpBaseOf } from "./http_base.ts";
import { HttpProber } from "./http_probe.ts";
import { EndsEarlyError, HttpRequests, type ScanFetch } from "./http_requests.ts";
import { HttpWalk } from "./http_walk.ts";
import { PageReader } from "./page_reader.ts";
import { privateRedirects } from "./private_redirects.ts";
import { parseRobots, type RobotRules } from "./robots.ts";
import { ScanMemory } from "./scan_memory.ts";

/** A client of one scan, whose connections are kept. */
export interface ScanClient extends Disposable {
  readonly fetch: ScanFetch;
}

/** What {@linkcode HttpLister} takes. */
export interface HttpListerOptions {
  /** Opens a client with so many connections at once. */
  readonly openClient: (connections: number) => ScanClient;
  readonly clock: Pick<Clock, "delay" | "elapsed" | "now" | "timeout">;
  /** 0 to 1, exclusive. */
  readonly random: () => number;
  /** Requests a second. */
  readonly rate: number;
  /** Milliseconds in which everything is looked at once. */
  readonly interval: number;
  /** Milliseconds between two scans. */
  readonly scanInterval: number;
  /** Whether the mirror may send elsewhere. */
  readonly redirects: boolean;
  /** Addresses of a host. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** What earlier scans of this mirror found; default: nothing. */
  readonly memory?: ScanMemory;
  /** Directories of one scan, at most; default 500 000. */
  readonly maxDirectories?: number;
}

/** Files in one batch. */
const BATCH = 1024;

/** The shortest time that a scan has, in milliseconds. */
const SHORTEST = 600_000;

const MAX_CONNECTIONS = 8;
const MAX_ROBOTS = 65_536;
const MAX_DIRECTORIES = 500_000;

const NO_RULES: RobotRules = { allows: () => true, delay: 0 };

/** Learns over HTTP what a mirror has: from listings, and by asking for single files. */
export class HttpLister implements Lister {
  readonly protocol = "http";
  readonly #options: HttpListerOptions;

  constructor(options: HttpListerOptions) {
    this.#options = options;
  }

  list(url: string, signal: AbortSignal, how: ListingOptions = {}): Listing {
    const listing = new HttpListing(this.#options, signal, how);
    return {
      files: listing.run(url),
      entries: () => listing.entries,
      precision: () => 1000,
      warnings: () => listing.warnings.all(),
      unread: () => listing.unread,
    };
  }
}

/** One running listing. */
class HttpListing {
  readonly warnings = new Warnings();
  unread: readonly string[] = [];
  readonly #options: HttpListerOptions;
  readonly #signal: AbortSignal;
  readonly #how: ListingOptions;
  #requests: HttpRequests | null = null;

  constructor(options: HttpListerOptions, signal: AbortSignal, how: ListingOptions) {
    this.#options = options;
    this.#signal = signal;
    this.#how = how;
  }

  get entries(): number {
    return this.#requests?.count ?? 0;
  }

  async *run(url: string): AsyncGenerator<readonly ListedFile[]> {
    this.#signal.throwIfAborted();
    const { rate, openClient } = this.#options;
    const connections = Math.min(MAX_CONNECTIONS, Math.max(2, Math.ceil(rate / 10)));
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#signal, stop.signal]);
    using client = openClient(connections);
    const ready: ListedFile[] = [];
    let wake = (): void => {};
    let walking = true;
    const walk = this.#walk(url, client, connections, signal, (files) => {
      for (const file of files) ready.push(file);
      if (ready.length >= BATCH) wake();
    }).catch((error) => {
      if (!(error instanceof EndsEarlyError)) throw error;
      throw new ListingError(`HTTP: ${error.message}`, { cause: error });
    }).finally(() => {
      walking = false;
      wake();
    });
    walk.catch(() => {});
    try {
      while (walking) {
        await new Promise<void>((resolve) => walking ? wake = resolve : resolve());
        if (ready.length >= BATCH) yield ready.splice(0);
      }
      await walk;
      if (ready.length > 0) yield ready;
    } finally {
      stop.abort(new Error("Nobody reads on"));
      await walk.catch(() => {});
    }
  }

  async #walk(
    url: string,
    client: ScanClient,
    connections: number,
    signal: AbortSignal,
    onFiles: (files: readonly ListedFile[]) => void,
  ): Promise<void> {
    const { clock, random, interval, scanInterval, memory = new ScanMemory() } = this.#options;
    const { maxDirectories = MAX_DIRECTORIES } = this.#options;
    const { timed = false, full = false } = this.#how;
    const source = await this.#how.source ?? new SourceTree();
    const known = await this.#how.known ?? (() => null);
    const base = await httpBaseOf(url, client.fetch, clock, signal);
    const requests = this.#requests = this.#open(base, client, signal);
    const robots = await this.#robots(requests);
    requests.obey(robots.allows);
    if (robots.delay > 0) requests.slowTo(robots.delay);
    memory.begin(full);
    const breather = new Breather(clock.now, signal);
    const prober = new HttpProber(requests, random);
    const judge = new DirectoryJudge({ prober, known, random });
    const { onProgress } = this.#how;
    const walk = new HttpWalk({
      ...{ source, known, requests, judge, memory, robots, clock, connections, random, onFiles },
      ...{ interval, scanInterval, maxDirectories, warnings: this.warnings },
      reader: new PageReader(requests, clock, breather, signal),
      buckets: new BucketReader(requests, clock, breather, signal),
      basePath: base.pathname,
      onProgress: (directories) =>
        onProgress?.({ directories, total: source.directories, probes: prober.count }),
      end: timed ? Infinity : clock.now() + Math.max(SHORTEST, scanInterval),
    });
    this.unread = walk.unread;
    await walk.run();
    if (judge.confused) this.warnings.add("Its listings show times of too many zones");
  }

  #open(base: URL, { fetch }: ScanClient, signal: AbortSignal): HttpRequests {
    const { clock, rate, redirects, resolve } = this.#options;
    const mayAsk = privateRedirects(resolve);
    return new HttpRequests({ base, fetch, clock, rate, redirects, mayAsk, signal });
  }

  /** What the site asks of this program; what it does not say, it does not ask. */
  async #robots(requests: HttpRequests): Promise<RobotRules> {
    const answer = await requests.askSite("robots.txt", MAX_ROBOTS);
    if (answer.type !== "answer" || answer.status !== 200) return NO_RULES;
    return parseRobots(new TextDecoder().decode(answer.body.subarray(0, MAX_ROBOTS)));
  }
}
