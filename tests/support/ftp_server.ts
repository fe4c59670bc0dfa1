/** What an {@linkcode FtpServer} does with a command instead of obeying it. */
export type FtpReaction =
  /** Says this, such as `550 No`. */
  | string
  /** Never answers. */
  | "hang"
  /** Closes every connection with the client. */
  | "drop";

/** What {@linkcode FtpServer.start} takes; by default a server that can everything. */
export interface FtpServerOptions {
  /** Directory to serve. */
  readonly root: string;
  /** Whether it has `MLSD` and says so. */
  readonly machineListings?: boolean;
  /** What `MDTM` and `MLSD` tell: nothing, whole seconds, or milliseconds. */
  readonly times?: "none" | "seconds" | "milliseconds";
  /** Whether it has `EPSV`. */
  readonly extendedPassive?: boolean;
  /** Who may log in; default: everyone. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Speaks TLS from the start. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Milliseconds from UTC to what `LIST` shows. */
  readonly zone?: number;
  /** Called with each command before it is obeyed; `null`: obey. */
  readonly react?: (command: string) => FtpReaction | null;
  /** Called with each listing before it is sent; a string is sent in its place, a number cuts it there. */
  readonly listing?: (directory: string, text: string) => string | number;
  /** Shows links as what they lead to. */
  readonly followsLinks?: boolean;
  /** What it says when a listing was sent; default `226 Done`. */
  readonly done?: (directory: string) => string;
  /** Sends half of each listing, and then nothing more. */
  readonly stalls?: boolean;
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const encoder = new TextEncoder();

/** A small FTP server on a free port of 127.0.0.1 that serves a real directory, as well or badly as told. */
export class FtpServer implements AsyncDisposable {
  /** Every command it got, without passwords. */
  readonly commands: string[] = [];
  readonly #listener: Deno.Listener;
  readonly #connections = new Set<Deno.Conn>();
  readonly #running: Promise<unknown>[] = [];

  private constructor(readonly options: FtpServerOptions) {
    const place = { hostname: "127.0.0.1", port: 0 };
    this.#listener = options.tls
      ? Deno.listenTls({ ...place, ...options.tls })
      : Deno.listen({ ...place });
    this.#running.push(this.#accept());
  }

  /** Starts a server. */
  static start(options: FtpServerOptions): FtpServer {
    return new FtpServer(options);
  }

  get port(): number {
    return (this.#listener.addr as Deno.NetAddr).port;
  }

  /** URL of the served directory. */
  get url(): string {
    return `ftp://127.0.0.1:${this.port}/`;
  }

  /** How often a command was given. */
  count(verb: string): number {
    return this.commands.filter((command) => command.split(" ")[0] === verb).length;
  }

  /** Closes every connection; new ones are served. */
  drop(): void {
    for (const connection of this.#connections) close(connection);
    this.#connections.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.drop();
    await Promise.allSettled(this.#running);
  }

  async #accept(): Promise<void> {
    try {
      for await (const connection of this.#listener) {
        // Small answers must not wait for one another.
        if ("setNoDelay" in connection) (connection as { setNoDelay(): void }).setNoDelay();
        this.#connections.add(connection);
        this.#running.push(
          new FtpConversation(this, connection, this.#connections).run().catch(() => {}),
        );
      }
    } catch {
      // A failed handshake, or the end.
    }
  }
}

/** One client. */
class FtpConversation {
  #directory = "/";
  #user = "";
  #loggedIn = false;
  #data: Deno.Listener | null = null;

  readonly #server: FtpServer;
  readonly #connection: Deno.Conn;
  readonly #connections: Set<Deno.Conn>;

  constructor(server: FtpServer, connection: Deno.Conn, connections: Set<Deno.Conn>) {
    this.#server = server;
    this.#connection = connection;
    this.#connections = connections;
  }

  async run(): Promise<void> {
    try {
      if (!await this.#do("CONNECT", "", () => this.#say("220 Welcome"))) return;
      for await (const line of lines(this.#connection)) {
        const [, verb = "", rest = ""] = /^(\S+) ?(.*)$/.exec(line) ?? [];
        this.#server.commands.push(verb === "PASS" ? verb : line);
        if (!await this.#do(verb, rest, () => this.#obey(verb, rest))) return;
      }
    } finally {
      this.#data?.close();
      this.#connections.delete(this.#connection);
      close(this.#connection);
    }
  }

  /** @returns whether the conversation goes on */
  async #do(verb: string, rest: string, obey: () => Promise<void>): Promise<boolean> {
    const reaction = this.#server.options.react?.(`${verb} ${rest}`.trim()) ?? null;
    if (reaction === "drop") return false;
    if (reaction === "hang") {
      for await (const _ of lines(this.#connection));
      return false;
    }
    if (reaction !== null) await this.#say(reaction);
    else await obey();
    return true;
  }

  async #obey(verb: string, rest: string): Promise<void> {
    const { options } = this.#server;
    const { machineListings = true, extendedPassive = true, times = "seconds", login } = options;
    switch (verb) {
      case "USER":
        this.#user = rest;
        return await this.#say("331 And the password?");
      case "PASS":
        this.#loggedIn = !login || (this.#user === login.user && rest === login.password);
        return await this.#say(this.#loggedIn ? "230 Logged in" : `530 Wrong password ${rest}`);
      case "QUIT":
        return await this.#say("221 Bye");
    }
    if (!this.#loggedIn) return await this.#say("530 Log in first");
    switch (verb) {
      case "FEAT": {
        const features = [
          machineListings && "MLST type*;size*;modify*;",
          times !== "none" && "MDTM",
        ];
        const list = features.filter(Boolean).map((feature) => ` ${feature}\r\n`).join("");
        return await this.#say(`211-Features:\r\n${list}211 End`);
      }
      case "TYPE":
      case "STRU":
      case "OPTS":
      case "PBSZ":
      case "PROT":
        return await this.#say("200 Fine");
      case "CWD":
        return await this.#changeDirectory(rest);
      case "EPSV":
        if (!extendedPassive) break;
        return await this.#say(`229 Here (|||${this.#listen()}|)`);
      case "PASV": {
        const port = this.#listen();
        // A server behind address translation names an address that leads nowhere.
        return await this.#say(`227 Here (192,0,2,1,${port >> 8},${port & 255})`);
      }
      case "MDTM": {
        if (times === "none") break;
        const { mtime, isFile } = statOf(options.root + rest);
        if (!isFile) return await this.#say("550 No file");
        return await this.#say(`213 ${timeValue(mtime!, times)}`);
      }
      case "SIZE": {
        const { size, isFile } = statOf(options.root + rest);
        return await this.#say(isFile ? `213 ${size}` : "550 No file");
      }
      case "MLSD":
        if (!machineListings) break;
        return await this.#list((name, info) => machineLine(name, info, times));
      case "LIST":
        return await this.#list((name, info) => unixLine(name, info, options.zone ?? 0));
    }
    await this.#say("502 Not here");
  }

  async #changeDirectory(path: string): Promise<void> {
    try {
      Array.from(Deno.readDirSync(this.#server.options.root + path));
      this.#directory = path;
      await this.#say("250 There");
    } catch (error) {
      await this.#say(`550 ${path}: ${(error as Error).name}`);
    }
  }

  #listen(): number {
    this.#data?.close();
    const { tls } = this.#server.options;
    const place = { hostname: "127.0.0.1", port: 0 };
    this.#data = tls ? Deno.listenTls({ ...place, ...tls }) : Deno.listen(place);
    return (this.#data.addr as Deno.NetAddr).port;
  }

  async #list(toLine: (name: string, info: Deno.FileInfo) => string): Promise<void> {
    const { root, listing, stalls = false, followsLinks } = this.#server.options;
    const look = followsLinks ? Deno.statSync : Deno.lstatSync;
    const directory = root + this.#directory;
    const all = [...Deno.readDirSync(directory)].map(({ name }) => {
      return `${toLine(name, look(`${directory}/${name}`))}\r\n`;
    }).join("");
    const told = listing?.(this.#directory, all) ?? (stalls ? all.slice(0, all.length / 2) : all);
    using listener = this.#data!;
    this.#data = null;
    await this.#say("150 Here it comes");
    const data = await listener.accept();
    try {
      await write(data, typeof told === "number" ? all.slice(0, told) : told);
      if (stalls) { for await (const _ of lines(this.#connection)); }
    } finally {
      close(data);
    }
    if (typeof told === "number") return close(this.#connection);
    await this.#say(this.#server.options.done?.(this.#directory) ?? "226 Done");
  }

  async #say(text: string): Promise<void> {
    await write(this.#connection, `${text}\r\n`);
  }
}

/** What is behind a path, links followed; nothing: nothing. */
function statOf(path: string): Pick<Deno.FileInfo, "isFile" | "size" | "mtime"> {
  try {
    return Deno.statSync(path);
  } catch {
    return { isFile: false, size: 0, mtime: null };
  }
}

function machineLine(name: string, info: Deno.FileInfo, times: string): string {
  const { isDirectory, isSymlink, size, mtime } = info;
  const type = isDirectory ? "dir" : isSymlink ? "OS.unix=slink" : "file";
  const modify = times === "none" ? "" : `modify=${timeValue(mtime!, times)};`;
  return `type=${type};size=${size};${modify} ${name}`;
}

function unixLine(name: string, info: Deno.FileInfo, zone: number): string {
  const { isDirectory, isSymlink, size, mtime } = info;
  const type = isDirectory ? "d" : isSymlink ? "l" : "-";
  const time = new Date(mtime!.getTime() + zone);
  const [hour, minute] = [time.getUTCHours(), time.getUTCMinutes()].map((number) =>
    `${number}`.padStart(2, "0")
  );
  const old = Date.now() - time.getTime() > 180 * 86_400_000;
  const clock = old ? ` ${time.getUTCFullYear()}` : `${hour}:${minute}`;
  const day = `${time.getUTCDate()}`.padStart(2);
  const date = `${MONTHS[time.getUTCMonth()]} ${day} ${clock}`;
  const shown = isSymlink ? `${name} -> elsewhere` : name;
  return `${type}rw-r--r--   1 ftp      ftp      ${`${size}`.padStart(12)} ${date} ${shown}`;
}

function timeValue(time: Date, times: string): string {
  const [seconds, fraction] = time.toISOString().replaceAll(/[-:TZ]/g, "").split(".");
  return times === "milliseconds" ? `${seconds}.${fraction}` : seconds!;
}

async function* lines(connection: Deno.Conn): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(4096);
  let text = "";
  for (let count; (count = await connection.read(buffer)) !== null;) {
    const parts = (text + decoder.decode(buffer.subarray(0, count), { stream: true })).split(
      "\r\n",
    );
    text = parts.pop()!;
    yield* parts;
  }
}

async function write(connection: Deno.Conn, text: string): Promise<void> {
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // The other side was faster.
  }
}
