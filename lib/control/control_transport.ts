import type { Clock } from "../clock/clock.ts";
import type { AnswerKind } from "./api/answer_offence.ts";
import type { AnswerOf, InputOf, OperationName, StreamName } from "./api/operations.ts";
import type { ScanProgress } from "../catalog/scan_result.ts";
import type { ScanObserver } from "./scan_service.ts";
import { formatHostPort } from "../net/host_port.ts";
import { USER_HEADER } from "./user_header.ts";
import { API_ROOT, AS_OF } from "./api/wire.ts";
import { ControlClientError } from "./control_client_error.ts";
import { type ControlErrorJson, noSuchOperation } from "./api/control_error.ts";
import { OPERATION_TIMEOUTS, USUAL_TIMEOUT } from "./operation_timeouts.ts";
import { readLines, type StreamLine } from "./api/ndjson.ts";

/** Where the daemon is, and how to reach it. */
export interface ControlClientOptions {
  readonly hostname: string;
  readonly port: number;
  /** Empty: none. */
  readonly password: string;
  /** Who asks, for the events; default: whoever is at that address. */
  readonly user?: string;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Pick<Clock, "after">;
  /** Milliseconds until a daemon is given up that does not answer, but for what takes longer; default: 30 seconds. */
  readonly timeout?: number;
}

/** How a request is made. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** Statuses that are no failure, beside those of success. */
  readonly statuses?: readonly number[];
}

/** Names that a message lists: more would push the mistake off the screen. */
const MOST_MATCHES = 15;

/** Speaks the control API, in requests and answers. Every method throws {@linkcode ControlClientError}. */
export class ControlTransport {
  readonly #options: ControlClientOptions;
  readonly #address: string;
  /** What tells whether an answer is one; missing before the first request. */
  #schemas: Promise<typeof import("./api/answer_offence.ts")> | undefined;

  /** Connects to nothing yet. */
  constructor(options: ControlClientOptions) {
    const hostname = options.hostname.replace(/^\[(.*)\]$/, "$1");
    this.#options = options;
    this.#address = formatHostPort({ hostname, port: options.port });
  }

  /**
   * Asks for something.
   *
   * @returns the answer, its entity tag, empty when it has none, and the time at which things were so,
   *   where the daemon cannot look now
   */
  async ask<K extends OperationName>(
    name: K,
    input: InputOf<K>,
    options: RequestOptions = {},
  ): Promise<{ readonly answer: AnswerOf<K>; readonly tag: string; readonly asOf: string | null }> {
    const response = await this.#request(name, input as RequestInput, options);
    let answer: unknown;
    try {
      answer = await response.json();
    } catch (error) {
      throw this.#connectionLost(error);
    }
    await this.#check(name, "answer", answer);
    const { headers } = response;
    return {
      answer: answer as AnswerOf<K>,
      tag: headers.get("etag") ?? "",
      asOf: headers.get(AS_OF),
    };
  }

  /**
   * Starts a long operation and follows it to its end.
   *
   * @param observer aborting its signal aborts the operation in the daemon
   */
  async follow<K extends StreamName>(
    name: K,
    input: InputOf<K>,
    observer: ScanObserver,
  ): Promise<AnswerOf<K>> {
    const { signal } = observer;
    const response = await this.#request(name, input as RequestInput, { signal });
    type Line = StreamLine<AnswerOf<K>, ScanProgress, ControlErrorJson>;
    let outcome: Exclude<Line, { readonly type: "progress" }> | null = null;
    try {
      for await (const value of readLines(response.body!)) {
        await this.#check(name, "line", value);
        const line = value as Line;
        if (line.type === "progress") observer.onProgress(line.progress);
        else outcome = line;
      }
    } catch (error) {
      if (signal.aborted || error instanceof ControlClientError) throw error;
      throw this.#connectionLost(error);
    }
    if (outcome?.type === "result") return outcome.result;
    if (outcome?.type === "error") throw this.#refused(outcome.error);
    throw this.#connectionLost(undefined);
  }

  async #request(
    name: OperationName,
    input: RequestInput,
    options: RequestOptions,
  ): Promise<Response> {
    const { password, user = "", fetch, clock } = this.#options;
    const { signal } = options;
    const timeout = OPERATION_TIMEOUTS[name] ?? this.#options.timeout ?? USUAL_TIMEOUT;
    const [method, path] = name.split(" ") as [string, string];
    const { body = input.settings, tag = null } = input;
    const headers = new Headers({ accept: "application/json" });
    if (password !== "") headers.set("authorization", `Bearer ${encodeURIComponent(password)}`);
    if (input.text !== undefined) headers.set("content-type", "text/plain");
    else if (body !== undefined) headers.set("content-type", "application/json");
    if (user !== "") headers.set(USER_HEADER, encodeURIComponent(user));
    if (tag !== null) headers.set("if-match", tag);
    const place = `${API_ROOT}${path.replace("{id}", `${input.id}`)}`;
    const late = new AbortController();
    const timer = clock.after(timeout, () => late.abort(new Error("timed out")));
    let response: Response;
    try {
      const answer = fetch(`http://${this.#address}${place}${queryText(input.query ?? {})}`, {
        method,
        headers,
        redirect: "error",
        ...(input.text !== undefined
          ? { body: ReadableStream.from(input.text) }
          : body !== undefined
          ? { body: JSON.stringify(body) }
          : {}),
        signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
      });
      // Loaded while the daemon works, so that no command waits for it.
      this.#schemas ??= import("./api/answer_offence.ts");
      void this.#schemas.then(({ loadOperation }) => loadOperation(name));
      response = await answer;
    } catch (error) {
      if (signal?.aborted) throw error;
      if (late.signal.aborted) throw this.#notAnswered(timeout);
      throw speaksNoHttp(error) ? this.#notDaemon() : this.#notConnected(error);
    } finally {
      timer[Symbol.dispose]();
    }
    const type = response.headers.get("content-type") ?? "";
    const expected = response.ok || (options.statuses?.includes(response.status) ?? false);
    if (expected && /^application\/(json|x-ndjson)\b/.test(type)) return response;
    throw await this.#refusal(name, `${method} ${place}`, response);
  }

  /** Holds what arrived against the schema of the operation. */
  async #check(name: OperationName, kind: AnswerKind, value: unknown): Promise<void> {
    const { answerOffence } = await this.#schemas!;
    const offence = await answerOffence(name, kind, value);
    if (offence === null) return;
    throw new ControlClientError(
      `Cannot read the answer of the daemon at ${this.#address}: ${offence}`,
      "connection",
      'Compare the versions that "mirrorbits version" prints',
    );
  }

  async #refusal(
    name: OperationName,
    what: string,
    response: Response,
  ): Promise<ControlClientError> {
    const text = await response.text().catch(() => "");
    try {
      const value: unknown = JSON.parse(text);
      await this.#check(name, "error", value);
      const { error } = value as { readonly error: ControlErrorJson };
      return error.message === noSuchOperation(what) ? this.#older(what) : this.#refused(error);
    } catch {
      // Whoever answered is not the daemon.
    }
    return this.#notDaemon();
  }

  #notDaemon(): ControlClientError {
    return new ControlClientError(
      `Cannot use the connection to ${this.#address}: what answers there is no daemon of this program`,
      "connection",
      "Name the daemon's RPCListenAddress with -h HOST -p PORT; the original has its own command line",
    );
  }

  #older(what: string): ControlClientError {
    return new ControlClientError(
      `The daemon at ${this.#address} is older than this command: it does not know ${what}`,
      "not_found",
      'Upgrade the daemon; "mirrorbits version" prints both versions',
    );
  }

  #refused(error: ControlErrorJson): ControlClientError {
    const { code, message, ...detail } = error;
    if (code === "unauthorized" && this.#options.password === "") {
      const please = "Please set the server password with the -P option.";
      return new ControlClientError(please, code, "Or with -a, or in MIRRORBITS_PASSWORD");
    }
    if (code === "unauthorized") {
      return new ControlClientError(
        message,
        code,
        `Give the RPCPassword of the daemon at ${this.#address} with -P, -a or MIRRORBITS_PASSWORD`,
      );
    }
    if (code === "no_match") {
      return new ControlClientError(message, code, '"mirrorbits list" shows the names');
    }
    if (code === "multiple_match") {
      const matches = detail.matches ?? [];
      const shown = matches.slice(0, MOST_MATCHES).map((name) => `\n  ${name}`);
      const more = matches.length - shown.length;
      const list = shown.join("") + (more > 0 ? `\n  and ${more} more` : "");
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

  #notAnswered(timeout: number): ControlClientError {
    return new ControlClientError(
      `The daemon at ${this.#address} does not answer: waited ${timeout / 1000} seconds`,
      "connection",
      "Look into the daemon's log, or name another with -h HOST -p PORT",
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

/** What any operation may be asked with. */
interface RequestInput {
  readonly id?: number;
  readonly query?: object;
  readonly body?: object;
  readonly text?: AsyncIterable<Uint8Array>;
  readonly settings?: object;
  readonly tag?: string | null;
}

/** A query of the parameters that have a value. */
function queryText(parameters: object): string {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== undefined);
  if (pairs.length === 0) return "";
  return `?${new URLSearchParams(pairs.map(([name, value]) => [name, `${value}`]))}`;
}

/** Whether somebody answered, in something else than HTTP/1.1: the original speaks HTTP/2 only. */
function speaksNoHttp(error: unknown): boolean {
  return /unexpected message|invalid HTTP version/i.test(messagesOf(error));
}

/** The messages of an error and its causes, outermost first. */
function messagesOf(error: unknown): string {
  const messages: string[] = [];
  for (let next = error; next instanceof Error; next = next.cause) messages.push(next.message);
  return messages.join(": ");
}

/** Why there is no connection, in a few words. */
function reason(error: unknown): string {
  const text = messagesOf(error);
  if (/refused/i.test(text)) return "connection refused";
  if (/dns|lookup|name or service/i.test(text)) return "host not found";
  if (/timed out/i.test(text)) return "connection timed out";
  if (/unreachable|no route/i.test(text)) return "host unreachable";
  if (/net access|NotCapable/i.test(text)) return "no permission to connect (--allow-net)";
  return /Requests to port \d+ are blocked/.exec(text)?.[0]?.toLowerCase() ?? "connection failed";
}
