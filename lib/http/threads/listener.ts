import { formatHostPort } from "../../net/host_port.ts";
import type { Clock } from "../../clock/clock.ts";
import type { ListenAddress } from "../../config/config.ts";
import { messageOf } from "../../log/message_of.ts";
import type { Handler } from "../answer/handler.ts";
import { SocketFile } from "./socket_file.ts";

/** Milliseconds that running requests have to finish when the program stops, which may take 10 s. */
const DRAIN_TIME = 8_000;

/** A listening HTTP server. Disposing of it closes the port and lets running requests finish. */
export interface HttpListener extends AsyncDisposable {
  /** Where it listens, for people: `127.0.0.1:8080`, `unix:/run/mirrorbits.sock`. */
  readonly address: string;
  /**
   * Closes the port and lets running requests finish. May be called again, to give them less time.
   *
   * @param drainTime milliseconds that they have from now on; after that nobody waits for them
   */
  close(drainTime: number): Promise<void>;
}

/** How to listen. */
export interface ListenOptions {
  readonly clock: Pick<Clock, "after">;
  /**
   * Whether others may listen on the same TCP address; the system deals connections out among them.
   * Default: false.
   */
  readonly shared?: boolean;
  /** Whether a Unix socket is taken from whoever listens there. Default: false. */
  readonly takeOver?: boolean;
}

/**
 * Listens for requests.
 *
 * @throws Error with the address and the reason when it cannot
 */
export async function listen(
  address: ListenAddress,
  handler: Handler | ((request: Request) => Promise<Response>),
  { clock, shared = false, takeOver = false }: ListenOptions,
): Promise<HttpListener> {
  const options = { onListen: () => {} };
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
    throw failure(error, address);
  }
  // Deno's own way to cut requests off fails once it was told to let them finish.
  const late = Promise.withResolvers<void>();
  const finish = async (): Promise<void> => {
    await Promise.race([server.shutdown().then(() => server.finished), late.promise]);
    await socket?.remove();
  };
  let finished: Promise<void> | null = null;
  const close = async (drainTime: number): Promise<void> => {
    using _timer = clock.after(drainTime, late.resolve);
    await (finished ??= finish());
  };
  return {
    address: listenText(address),
    close,
    [Symbol.asyncDispose]: () => close(DRAIN_TIME),
  };
}

/**
 * Makes sure that nobody listens on a TCP address yet: of those who share one, each would get a part
 * of the requests, whatever program they belong to.
 *
 * @returns the address, with the number of a free port in place of 0
 * @throws Error with the address and the reason when it cannot be used
 */
export function reserve(address: ListenAddress): ListenAddress {
  if (address.transport === "unix") return address;
  const { hostname, port } = address;
  try {
    using listener = Deno.listen({ hostname, port });
    return { ...address, port: listener.addr.port };
  } catch (error) {
    throw failure(error, address);
  }
}

/** Writes an address for people. */
export function listenText(address: ListenAddress): string {
  if (address.transport === "unix") return `unix:${address.path}`;
  return formatHostPort(address);
}

function failure(error: unknown, address: ListenAddress): Error {
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
