import type { Clock } from "../clock/clock.ts";
import { isIP, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import { Client, FTPError } from "basic-ftp";
import { type DataConnector, dataConnector, tolerant } from "./ftp_data_connection.ts";
import { parseFtpSize } from "./ftp_entry.ts";
import { ftpFailure, ftpWords } from "./ftp_failure.ts";
import { receive } from "./ftp_receive.ts";
import { type FtpTime, parseFtpTime } from "./ftp_time.ts";
import type { FtpUrl } from "./ftp_url.ts";
import { openConnection } from "./open_connection.ts";

/** Answers that mean that a directory is not there or cannot be read, and the session goes on. */
const UNREADABLE: ReadonlySet<number> = new Set([450, 451, 550, 551, 553]);

/** Answers that mean that a command is not known (RFC 959 §4.2.1). */
const UNKNOWN: ReadonlySet<number> = new Set([500, 502, 504]);

/** Answers of servers that name `MLSD` among their features, and then refuse it. */
const REFUSED: ReadonlySet<number> = new Set([500, 501, 502, 503, 504]);

/** How servers say, when all seems well, that they did not send everything. */
const NOT_WHOLE =
  /truncat|incomplete|\bcut (?:off|short)|\babort|\blimit(?:ed)? (?:to|of|reached|exceeded)|too many (?:files|entries|matches)|tronqu|troncat|truncad|begrenzt|gek.{1,2}rzt/i;

/**
 * How many times as long as one operation may take, all operations of a step may take, if nothing else is
 * said: to log in, to list one directory. A server that says a little now and then must not keep a scan for
 * ever.
 */
const OPERATIONS = 20;

/** How long a server may take, in milliseconds. */
export interface FtpTimeouts {
  /** To accept a connection. */
  readonly connect: number;
  /** For one operation: to take a command, to say something, to send the next piece of a listing. */
  readonly operation: number;
  /** For all operations of one step together. Default: 20 times as long as one operation may take. */
  readonly step?: number;
}

/** What a directory holds, as the server wrote it. */
export interface FtpDirectoryText {
  /** `machine`: RFC 3659; `list`: in one of the ways in which servers answer `LIST`. */
  readonly format: "machine" | "list";
  /** Without their ends. */
  readonly lines: Iterable<string>;
  /** The server's words for that it left out the rest; empty: it sent everything. */
  readonly cut: string;
}

/** A directory that cannot be read, though the session goes on. */
export class UnreadableDirectoryError extends Error {
  /** See `Error.name`. */
  override readonly name = "UnreadableDirectoryError";
}

/** A session with an FTP server: connected, logged in, with one directory or file at a time. */
export class FtpSession implements Disposable {
  readonly #client: Client;
  readonly #url: FtpUrl;
  readonly #clock: Pick<Clock, "after">;
  readonly #signal: AbortSignal;
  readonly #stop: () => void;
  readonly #connector: DataConnector;
  /** Milliseconds for one step. */
  readonly #limit: number;
  #machineReadable = false;
  #knowsTimes = true;
  #listCommand: "LIST -a" | "LIST" = "LIST -a";

  private constructor(
    url: FtpUrl,
    timeouts: FtpTimeouts,
    clock: Pick<Clock, "after">,
    signal: AbortSignal,
  ) {
    this.#url = url;
    this.#clock = clock;
    this.#signal = signal;
    const client = new Client(timeouts.operation);
    this.#limit = timeouts.step ?? OPERATIONS * timeouts.operation;
    this.#connector = dataConnector(timeouts.connect, clock, signal);
    this.#client = client;
    this.#stop = () => client.ftp.closeWithError(new Error("It was aborted"));
    signal.addEventListener("abort", this.#stop);
  }

  /**
   * Connects and logs in.
   *
   * @param certificates what to trust beside what Deno trusts, contents of PEM files
   * @param signal ends the session at once
   * @throws {ListingError}
   * @throws the signal's reason when it was aborted
   */
  static async open(
    url: FtpUrl,
    timeouts: FtpTimeouts,
    certificates: readonly string[],
    clock: Pick<Clock, "after">,
    signal: AbortSignal,
  ): Promise<FtpSession> {
    signal.throwIfAborted();
    const session = new FtpSession(url, timeouts, clock, signal);
    try {
      await session.#connect(timeouts.connect, certificates);
      await session.#attempt("Cannot log in", () => session.#logIn());
      await session.#attempt("Cannot begin the session", () => session.#settle());
      return session;
    } catch (error) {
      session[Symbol.dispose]();
      throw error;
    }
  }

  /** Whether the server tells the time of one file; found out when it is asked. */
  get knowsTimes(): boolean {
    return this.#knowsTimes;
  }

  /**
   * Reads a directory.
   *
   * @param path absolute
   * @throws {UnreadableDirectoryError} when only this directory cannot be read
   * @throws {ListingError}
   * @throws the signal's reason when it was aborted
   */
  list(path: string): Promise<FtpDirectoryText> {
    return this.#attempt(`Cannot list "${path}"`, async () => {
      try {
        // Commands with a name in them are read in too many ways: as options, as patterns.
        await this.#client.send(`CWD ${path}`);
        return await this.#listByMachine() ?? { format: "list", ...await this.#listForPeople() };
      } catch (error) {
        if (!(error instanceof FTPError) || !UNREADABLE.has(error.code)) throw error;
        const words = ftpWords(error.message, this.#url.password);
        throw new UnreadableDirectoryError(words, { cause: error });
      }
    });
  }

  /**
   * Asks for the time of one file.
   *
   * @param path absolute
   * @returns `null` when the server does not tell
   * @throws {ListingError}
   * @throws the signal's reason when it was aborted
   */
  modTime(path: string): Promise<FtpTime | null> {
    return this.#attempt(`Cannot ask for the time of "${path}"`, async () => {
      if (!this.#knowsTimes) return null;
      const { code, message } = await this.#client.sendIgnoringError(`MDTM ${path}`);
      if (UNKNOWN.has(code)) this.#knowsTimes = false;
      if (code === 421) throw new Error("Server closed connection unexpectedly");
      return code === 213 ? parseFtpTime(message.slice(4).trim()) : null;
    });
  }

  /**
   * Finds out what a link leads to.
   *
   * @param path absolute
   * @returns `null` when it is nothing that can be had
   * @throws {ListingError}
   * @throws the signal's reason when it was aborted
   */
  behind(path: string): Promise<{ type: "directory" } | { type: "file"; size: number } | null> {
    return this.#attempt(`Cannot look behind the link "${path}"`, async () => {
      if (await this.#answer(`CWD ${path}`) !== null) return { type: "directory" };
      const size = parseFtpSize((await this.#answer(`SIZE ${path}`))?.slice(4).trim() ?? "");
      return size === null ? null : { type: "file", size };
    });
  }

  /** What the server says to a command; `null`: no. */
  async #answer(command: string): Promise<string | null> {
    const { code, message } = await this.#client.sendIgnoringError(command);
    if (code === 421) throw new Error("Server closed connection unexpectedly");
    return code >= 200 && code < 300 ? message : null;
  }

  /** Ends the session. */
  [Symbol.dispose](): void {
    this.#signal.removeEventListener("abort", this.#stop);
    this.#client.close();
  }

  async #connect(timeout: number, certificates: readonly string[]): Promise<void> {
    const { host, port, security } = this.#url;
    const { ftp } = this.#client;
    const tlsOptions: ConnectionOptions = {
      host,
      ca: [...certificates],
      // An address is no server name (RFC 6066 §3).
      ...(isIP(host) === 0 ? { servername: host } : {}),
    };
    await this.#attempt("Cannot connect", async () => {
      const socket = await openConnection({
        ...{ host, port, timeout },
        clock: this.#clock,
        signal: this.#signal,
      });
      ftp.socket = security === "implicit" ? await this.#secure(socket, tlsOptions) : socket;
      ftp.socket.resume();
      await this.#greeting();
    });
    if (security === "explicit") {
      await this.#attempt("Cannot change to TLS", async () => {
        await this.#client.send("AUTH TLS");
        ftp.socket = await this.#secure(ftp.socket, tlsOptions);
      });
    }
    if (security !== "none") ftp.tlsOptions = tlsOptions;
  }

  #greeting(): Promise<void> {
    return this.#client.ftp.handle(undefined, (answer, task) => {
      if (answer instanceof Error) task.reject(answer);
      else if (answer.code >= 200) task.resolve(undefined);
    });
  }

  #secure(socket: Socket, options: ConnectionOptions): Promise<Socket> {
    const { promise, resolve, reject } = Promise.withResolvers<Socket>();
    const secured = tolerant(connectTls({ ...options, socket }));
    const stop = (): void => {
      secured.destroy(new Error("It was aborted"));
    };
    const limit = this.#clock.after(
      this.#client.ftp.timeout,
      () => secured.destroy(new Error("Timeout (control socket)")),
    );
    this.#signal.addEventListener("abort", stop);
    secured.once("secureConnect", () => resolve(secured));
    secured.once("error", reject);
    secured.once("close", () => reject(new Error("Server closed connection unexpectedly")));
    return promise.finally(() => {
      limit[Symbol.dispose]();
      this.#signal.removeEventListener("abort", stop);
      secured.removeAllListeners("error");
      secured.removeAllListeners("close");
      secured.on("error", () => {});
    });
  }

  async #logIn(): Promise<void> {
    // Names may be in UTF-8; most servers say no before the login, and do it anyway.
    await this.#client.sendIgnoringError("OPTS UTF8 ON");
    await this.#client.login(this.#url.user, this.#url.password);
  }

  async #settle(): Promise<void> {
    await this.#client.useDefaultSettings();
    this.#machineReadable = this.#client.availableListCommands.includes("MLSD");
  }

  /** @returns `null` when the server has no such listings, whatever it says of itself */
  async #listByMachine(): Promise<FtpDirectoryText | null> {
    if (!this.#machineReadable) return null;
    try {
      return { format: "machine", ...await this.#receive("MLSD") };
    } catch (error) {
      if (!(error instanceof FTPError) || !REFUSED.has(error.code)) throw error;
      this.#machineReadable = false;
      return null;
    }
  }

  async #listForPeople(): Promise<Received> {
    if (this.#listCommand === "LIST -a") {
      try {
        const received = await this.#receive("LIST -a");
        // A server that knows no options looks for a file "-a", and finds nothing.
        if (!received.isEmpty) return received;
      } catch (error) {
        if (!(error instanceof FTPError) || error.code === 421 || error.code === 426) throw error;
      }
      const received = await this.#receive("LIST");
      if (!received.isEmpty) this.#listCommand = "LIST";
      return received;
    }
    return await this.#receive("LIST");
  }

  async #receive(command: string): Promise<Received> {
    const { text, answer } = await receive(this.#client.ftp, command, this.#connector);
    return {
      lines: linesOf(text),
      isEmpty: /^[\r\n]*$/.test(text),
      cut: NOT_WHOLE.test(answer) ? ftpWords(answer, this.#url.password) : "",
    };
  }

  async #attempt<T>(step: string, action: () => Promise<T>): Promise<T> {
    using _timer = this.#clock.after(
      this.#limit,
      () => this.#client.ftp.closeWithError(new Error(`not done within ${this.#limit / 1000} s`)),
    );
    try {
      this.#signal.throwIfAborted();
      return await action();
    } catch (error) {
      this.#signal.throwIfAborted();
      if (error instanceof UnreadableDirectoryError) throw error;
      throw ftpFailure(error, this.#url, step);
    }
  }
}

/** What came for a command that lists. */
interface Received extends Pick<FtpDirectoryText, "lines" | "cut"> {
  readonly isEmpty: boolean;
}

/** The lines of a text, one after the other: of a large one there may be millions. */
function* linesOf(text: string): Generator<string> {
  // A line feed alone is part of a name, except from servers that end their lines with it.
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  let start = 0;
  for (let at; (at = text.indexOf(end, start)) >= 0; start = at + end.length) {
    yield text.slice(start, at);
  }
  yield text.slice(start);
}
