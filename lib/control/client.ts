import type { ScanProgress } from "../catalog/scan_result.ts";
import type { ControlErrorDetail, ControlErrorJson } from "./control_error.ts";
import { API_ROOT } from "./control_routes.ts";
import type {
  AddMirrorJson,
  EventJson,
  FileStatsJson,
  LocationJson,
  MirrorStatsJson,
} from "./control_routes.ts";
import type { MirrorJson } from "./mirror_json.ts";
import type { MirrorFilter } from "./mirror_order.ts";
import type { MirrorSettings } from "./mirror_settings.ts";
import { readLines } from "./ndjson.ts";
import type { StreamLine } from "./ndjson.ts";
import type {
  MirrorScanOutcome,
  MirrorScanRequest,
  ScanObserver,
  SourceScanOutcome,
  SourceScanRequest,
} from "./scan_service.ts";
import type { VersionInfo } from "./version_info.ts";

/** Where the daemon is, and how to reach it. */
export interface ControlClientOptions {
  readonly hostname: string;
  readonly port: number;
  /** Empty: none. */
  readonly password: string;
  readonly fetch: typeof globalThis.fetch;
}

/** A mirror, and the entity tag of its settings. */
export interface TaggedMirror {
  readonly mirror: MirrorJson;
  readonly tag: string;
}

/** What the daemon refused, or that it could not be reached; a sentence for the operator. */
export class ControlClientError extends Error {
  override readonly name = "ControlClientError";
  /**
   * @param code the control API's, or `connection`
   * @param hint what to do; `null`: nothing to add
   */
  constructor(
    message: string,
    readonly code: ControlErrorJson["code"] | "connection",
    readonly hint: string | null = null,
    readonly detail: ControlErrorDetail = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Talks to a running daemon. Every method throws {@linkcode ControlClientError}. */
export class ControlClient {
  readonly #options: ControlClientOptions;
  readonly #address: string;

  constructor(options: ControlClientOptions) {
    const hostname = options.hostname.replace(/^\[(.*)\]$/, "$1");
    this.#options = options;
    this.#address = `${hostname.includes(":") ? `[${hostname}]` : hostname}:${options.port}`;
  }

  /** What the daemon is and runs on. */
  async version(): Promise<VersionInfo> {
    return await this.#json("GET", "/version");
  }

  /** Lists mirrors, the newest change of state first. */
  async list(filter: MirrorFilter = {}): Promise<MirrorJson[]> {
    const answer = await this.#json<{ mirrors: MirrorJson[] }>("GET", `/mirrors${query(filter)}`);
    return answer.mirrors;
  }

  /** Finds the one mirror that a name, or a part of one, means. */
  async match(name: string): Promise<TaggedMirror> {
    return await this.#tagged("GET", `/mirrors/match${query({ name })}`);
  }

  /** Shows a mirror. */
  async get(id: number): Promise<TaggedMirror> {
    return await this.#tagged("GET", `/mirrors/${id}`);
  }

  /** Adds a mirror. */
  async add(settings: Partial<MirrorSettings>): Promise<AddMirrorJson> {
    return await this.#json("POST", "/mirrors", { body: settings });
  }

  /**
   * Changes settings of a mirror.
   *
   * @param tag of the settings that the change is based on
   */
  async edit(
    id: number,
    changes: Readonly<Record<string, unknown>>,
    tag: string,
  ): Promise<TaggedMirror> {
    return await this.#tagged("PATCH", `/mirrors/${id}`, { body: changes, tag });
  }

  /** Removes a mirror, if its settings are still those with that tag. */
  async remove(id: number, tag: string): Promise<MirrorJson> {
    return await this.#json("DELETE", `/mirrors/${id}`, { tag });
  }

  /** Enables or disables a mirror. */
  async enable(id: number, enabled: boolean): Promise<MirrorJson> {
    return await this.#json("POST", `/mirrors/${id}/${enabled ? "enable" : "disable"}`);
  }

  /** Scans a mirror now; aborting the signal aborts the scan in the daemon. */
  async scanMirror(
    id: number,
    request: MirrorScanRequest,
    observer: ScanObserver,
  ): Promise<MirrorScanOutcome> {
    return await this.#stream(`/mirrors/${id}/scan`, request, observer);
  }

  /** Scans the source repository now; aborting the signal aborts the scan in the daemon. */
  async scanSource(
    request: SourceScanRequest,
    observer: ScanObserver,
  ): Promise<SourceScanOutcome> {
    return await this.#stream("/source/scan", request, observer);
  }

  /** Looks up where a mirror stands now; changes nothing. */
  async location(id: number): Promise<LocationJson> {
    return await this.#json("GET", `/mirrors/${id}/location`);
  }

  /** The newest events of a mirror, oldest first. */
  async events(id: number, limit: number): Promise<EventJson[]> {
    const path = `/mirrors/${id}/events${query({ limit })}`;
    return (await this.#json<{ events: EventJson[] }>("GET", path)).events;
  }

  /** Downloads from a mirror. Days are `YYYY-MM-DD`, both ends included; `undefined`: today. */
  async mirrorStats(id: number, start?: string, end?: string): Promise<MirrorStatsJson> {
    return await this.#json("GET", `/mirrors/${id}/stats${query({ start, end })}`);
  }

  /** Downloads of the files whose path matches a regular expression; days as for a mirror. */
  async fileStats(pattern: string, start?: string, end?: string): Promise<FileStatsJson> {
    return await this.#json("GET", `/stats/files${query({ pattern, start, end })}`);
  }

  /** Makes the daemon read its configuration again. */
  async reload(): Promise<{ readonly warnings: readonly string[] }> {
    return await this.#json("POST", "/reload");
  }

  async #tagged(method: string, path: string, options: RequestOptions = {}): Promise<TaggedMirror> {
    const response = await this.#request(method, path, options);
    return { mirror: await this.#read(response), tag: response.headers.get("etag") ?? "" };
  }

  async #json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    return await this.#read(await this.#request(method, path, options));
  }

  async #stream<T>(path: string, body: unknown, observer: ScanObserver): Promise<T> {
    const { signal } = observer;
    const response = await this.#request("POST", path, { body, signal });
    type Line = StreamLine<T, ScanProgress, ControlErrorJson>;
    let outcome: Exclude<Line, { readonly type: "progress" }> | null = null;
    try {
      for await (const value of readLines(response.body!)) {
        const line = value as Line;
        if (line.type === "progress") observer.onProgress(line.progress);
        else outcome = line;
      }
    } catch (error) {
      if (signal.aborted) throw error;
      throw this.#connectionLost(error);
    }
    if (outcome?.type === "result") return outcome.result;
    if (outcome?.type === "error") throw this.#refused(outcome.error);
    throw this.#connectionLost(undefined);
  }

  async #read<T>(response: Response): Promise<T> {
    try {
      return await response.json();
    } catch (error) {
      throw this.#connectionLost(error);
    }
  }

  async #request(method: string, path: string, options: RequestOptions): Promise<Response> {
    const { password, fetch } = this.#options;
    const { body, tag, signal } = options;
    const headers = new Headers({ accept: "application/json" });
    if (password !== "") headers.set("authorization", `Bearer ${encodeURIComponent(password)}`);
    if (body !== undefined) headers.set("content-type", "application/json");
    if (tag !== undefined) headers.set("if-match", tag);
    let response: Response;
    try {
      response = await fetch(`http://${this.#address}${API_ROOT}${path}`, {
        method,
        headers,
        redirect: "error",
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw this.#notConnected(error);
    }
    if (response.ok) return response;
    throw await this.#refusal(response);
  }

  async #refusal(response: Response): Promise<ControlClientError> {
    const text = await response.text().catch(() => "");
    try {
      const { error } = JSON.parse(text);
      if (typeof error.message === "string") return this.#refused(error);
    } catch {
      // Whoever answered is not the daemon.
    }
    return new ControlClientError(
      `Cannot use the connection to ${this.#address}: what answers there is no Mirrorbits daemon`,
      "connection",
      "Name the daemon's RPCListenAddress with -h HOST -p PORT",
    );
  }

  #refused(error: ControlErrorJson): ControlClientError {
    const { code, message, ...detail } = error;
    if (code === "unauthorized" && this.#options.password === "") {
      const please = "Please set the server password with the -P option.";
      return new ControlClientError(please, code);
    }
    if (code === "multiple_match") {
      const list = (detail.matches ?? []).map((name) => `\n  ${name}`).join("");
      return new ControlClientError(`${message}:${list}`, code, null, detail);
    }
    return new ControlClientError(message, code, null, detail);
  }

  #notConnected(error: unknown): ControlClientError {
    return new ControlClientError(
      `Cannot connect to the daemon at ${this.#address}: ${reason(error)}`,
      "connection",
      'Start one with "mirrorbits daemon", or name another with -h HOST -p PORT',
      {},
      { cause: error },
    );
  }

  #connectionLost(cause: unknown): ControlClientError {
    return new ControlClientError(
      `The connection to the daemon at ${this.#address} was lost`,
      "connection",
      "Look into the daemon's log",
      {},
      { cause },
    );
  }
}

interface RequestOptions {
  readonly body?: unknown;
  readonly tag?: string;
  readonly signal?: AbortSignal;
}

/** A query of the parameters that have a value. */
function query(parameters: object): string {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== undefined);
  if (pairs.length === 0) return "";
  return `?${new URLSearchParams(pairs.map(([name, value]) => [name, `${value}`]))}`;
}

/** Why there is no connection, in a few words. */
function reason(error: unknown): string {
  const messages: string[] = [];
  for (let next = error; next instanceof Error; next = next.cause) messages.push(next.message);
  const text = messages.join(": ");
  if (/refused/i.test(text)) return "connection refused";
  if (/dns|lookup|name or service/i.test(text)) return "host not found";
  if (/timed out/i.test(text)) return "connection timed out";
  if (/unreachable|no route/i.test(text)) return "host unreachable";
  if (/net access|NotCapable/i.test(text)) return "no permission to connect (--allow-net)";
  return /Requests to port \d+ are blocked/.exec(text)?.[0]?.toLowerCase() ?? "connection failed";
}
