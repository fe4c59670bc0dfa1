import type { ListenAddress } from "../../config/config.ts";
import type { Handler } from "../answer/handler.ts";
import type { MaybePromise } from "../../store/store_reader.ts";
import { messageOf } from "../../log/message_of.ts";
import { formatHostPort } from "../../net/host_port.ts";
import { SocketFile } from "./socket_file.ts";

/** What answers requests: the program's handler, or one that takes its time. */
export type AnyHandler = (...args: Parameters<Handler>) => MaybePromise<Response>;

/** How to listen. */
export interface ListenOptions {
  /**
   * Whether others may listen on the same TCP address; the system deals connections out among them.
   * Default: false.
   */
  readonly shared?: boolean;
  /** Whether a Unix socket is taken from whoever listens there. Default: false. */
  readonly takeOver?: boolean;
}

/** A server that accepts connections until it is ended in one of two ways, or cannot go on. */
export interface OpenServer {
  /**
   * Settles when it accepts no more connections; rejects when that is because it cannot. Then those
   * that it has go on to be answered.
   */
  readonly finished: Promise<void>;
  /** Accepts no more, and resolves when running requests are answered. */
  shutdown(): Promise<void>;
  /** Cuts every connection that it has. Not after {@linkcode shutdown}, where Deno fails. */
  abort(): void;
  /** Removes the file of its Unix socket, unless another one has taken its place. */
  removeFile(): Promise<void>;
}

/**
 * Opens a server.
 *
 * @throws Error with the address and the reason when it cannot
 */
export async function openServer(
  address: ListenAddress,
  handler: AnyHandler,
  { shared = false, takeOver = false }: ListenOptions,
): Promise<OpenServer> {
  const cut = new AbortController();
  const options = { onListen: () => {}, signal: cut.signal };
  let server: Deno.HttpServer<Deno.Addr>;
  let socket: SocketFile | null = null;
  try {
    if (address.transport === "unix") {
      socket = new SocketFile(address.path, address.mode);
      const path = await socket.placeToBind(takeOver);
      server = Deno.serve({ ...options, path }, handler);
      await socket.bound(path);
    } else {
      const { hostname, port } = address;
      // Without the flag for it, Deno ends the program even where `reusePort` is false.
      const reusePort = shared ? { reusePort: true } : {};
      server = Deno.serve({ ...options, ...reusePort, hostname, port }, handler);
    }
  } catch (error) {
    throw listenFailure(error, address);
  }
  return {
    finished: server.finished,
    shutdown: () => server.shutdown().then(() => server.finished),
    abort: () => cut.abort(),
    removeFile: async () => await socket?.remove(),
  };
}

/** Writes an address for people. */
export function listenText(address: ListenAddress): string {
  if (address.transport === "unix") return `unix:${address.path}`;
  return formatHostPort(address);
}

/** Says what keeps the program from listening, and what to do. */
export function listenFailure(error: unknown, address: ListenAddress): Error {
  return new Error(`Cannot listen on ${listenText(address)}: ${reason(error, address)}`, {
    cause: error,
  });
}

function reason(error: unknown, address: ListenAddress): string {
  if (error instanceof Deno.errors.AddrInUse) {
    return "the address is in use: stop the other program, or choose another address";
  }
  if (error instanceof Deno.errors.NotCapable) {
    return address.transport === "unix"
      ? `Deno may not use it, allow that with --allow-read=${address.path} --allow-write=${address.path}`
      : `Deno may not, allow that with --allow-net=${listenText(address)}`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "the user that runs this program may not use it (ports below 1024 need a privilege)";
  }
  return messageOf(error);
}
