import { encodePath } from "../../catalog/encode_path.ts";
import type { SourceDirectory } from "../../catalog/source_tree.ts";
import type { Clock } from "../../clock/clock.ts";
import type { Breather } from "../breather.ts";
import type { HttpAnswer, HttpRequests } from "./http_requests.ts";
import type { ListingPage } from "./listing_entry.ts";
import { decodePage, type PageMemory, readListing } from "./listing_page.ts";
import { isObjectStore } from "./object_store.ts";

/** What a mirror shows of one directory. */
export type DirectoryPage =
  | { readonly type: "listing"; readonly page: ListingPage }
  /** No listing: what is in it has to be asked for. */
  | {
    readonly type: "none";
    readonly status: number;
    /** Whether an object store says so. */
    readonly store: boolean;
  }
  /** Nobody knows. */
  | { readonly type: "unread"; readonly reason: string; readonly connected: boolean };

/** Milliseconds until something is tried once more. */
const AGAIN = 5000;

/** What an answer has that cannot break off unnoticed. */
const FRAMES = ["content-length", "transfer-encoding"];

const ACCEPT = "text/html, application/json;q=0.5, application/xml;q=0.4, */*;q=0.1";

/** Reads listings of one mirror. */
export class PageReader {
  readonly #requests: HttpRequests;
  readonly #clock: Pick<Clock, "delay">;
  readonly #breather: Breather;
  readonly #signal: AbortSignal;
  readonly #memory: PageMemory = { slashOrder: null, format: "" };
  /** What Apache is asked for sizes and times with. */
  #query = "";
  #triedQuery = false;

  constructor(
    requests: HttpRequests,
    clock: Pick<Clock, "delay">,
    breather: Breather,
    signal: AbortSignal,
  ) {
    this.#requests = requests;
    this.#clock = clock;
    this.#breather = breather;
    this.#signal = signal;
  }

  /** Reads the listing of a directory; once more when it breaks off. */
  async read(directory: SourceDirectory): Promise<DirectoryPage> {
    const path = pathOf(directory);
    const first = await this.#read(path + this.#query);
    if (first.type === "unread") {
      await this.#clock.delay(AGAIN, this.#signal);
      this.#signal.throwIfAborted();
      return await this.#read(path + this.#query);
    }
    if (first.type !== "listing" || first.page.format !== "apache-list" || this.#triedQuery) {
      return first;
    }
    this.#triedQuery = true;
    const better = await this.#read(`${path}?F=2`);
    if (better.type !== "listing" || better.page.format !== "apache-table") return first;
    this.#query = "?F=2";
    return better;
  }

  async #read(path: string): Promise<DirectoryPage> {
    const answer = await this.#requests.ask("GET", path, { accept: ACCEPT });
    const reason = refusal(answer);
    if (reason !== null) {
      return { type: "unread", reason, connected: answer.type !== "failed" };
    }
    if (answer.type !== "answer") return { type: "none", status: 0, store: false };
    const { status } = answer;
    const store = isObjectStore(answer.headers);
    if (status !== 200) return { type: "none", status, store };
    const contentType = answer.headers.get("content-type") ?? "";
    const text = decodePage(answer.body, contentType);
    const url = new URL(answer.url.href);
    if (!url.pathname.endsWith("/")) url.pathname += "/";
    const isFramed = FRAMES.some((name) => answer.headers.has(name));
    const page = await readListing(text, contentType, url, this.#memory, this.#breather, isFramed);
    if (!page.whole) return { type: "unread", reason: "The page broke off", connected: true };
    return page.kind === "none" ? { type: "none", status, store } : { type: "listing", page };
  }
}

/** The path of a directory below the base URL, encoded, with a slash at its end; empty: the base. */
export function pathOf({ path }: Pick<SourceDirectory, "path">): string {
  return path === "" ? "" : `${encodePath(path).replace(/^\/+/, "")}/`;
}

/** Why an answer tells nothing; `null`: it does. */
function refusal(answer: HttpAnswer): string | null {
  if (answer.type === "failed") return answer.reason;
  if (answer.type === "elsewhere") return "It redirects elsewhere";
  const { status } = answer;
  return status >= 500 || status === 429 || status === 408 ? `Got status code ${status}` : null;
}
