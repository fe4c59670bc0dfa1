import type { Clock } from "../clock/clock.ts";
import type { Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { type FTPContext, FTPError } from "basic-ftp";
import { openConnection } from "./open_connection.ts";

/** A connection that a listing comes through. */
export interface DataConnection {
  /** What is connected; nothing was sent over it. */
  readonly socket: Socket;
  /**
   * What to read: over TLS where the session is. Not before the server has said that the listing comes:
   * some servers close a connection on which somebody speaks before.
   */
  readonly begin: () => Socket;
}

/** What opens the connection that a listing comes through. */
export type DataConnector = (ftp: FTPContext) => Promise<DataConnection>;

/**
 * Makes what opens the data connections of one FTP session: passive ones, by `EPSV` (RFC 2428) or else
 * `PASV`, always to the host of the control connection. So neither a server behind address
 * translation, which names an address of its own network, nor a hostile one leads elsewhere.
 *
 * @param timeout milliseconds to connect
 * @param signal ends an attempt to connect
 */
export function dataConnector(
  timeout: number,
  clock: Pick<Clock, "after">,
  signal: AbortSignal,
): DataConnector {
  let extended = true;
  return async (ftp) => {
    const port = await ask();
    const host = ftp.socket.remoteAddress;
    if (host === undefined) throw new Error("The connection is closed");
    const socket = await openConnection({ host, port, timeout, clock, signal });
    return { socket, begin: () => ftp.hasTLS ? secure(socket) : socket };

    function secure(socket: Socket): Socket {
      const control = ftp.socket as Partial<Pick<TLSSocket, "getSession">>;
      // Many servers take only a connection that resumes the session of the other one.
      const session = ftp.tlsSessionStore ?? control.getSession?.();
      const secured = tolerant(
        connectTls({ ...ftp.tlsOptions, ...(session ? { session } : {}), socket }),
      );
      secured.on("session", (fresh) => ftp.tlsSessionStore = fresh);
      return secured;
    }

    async function ask(): Promise<number> {
      if (extended) {
        try {
          const response = await ftp.request("EPSV");
          const port = /([|!])\1\1(\d{1,5})\1/.exec(response.message)?.[2];
          if (port !== undefined) return Number(port);
        } catch (error) {
          if (!(error instanceof FTPError) || error.code === 421) throw error;
        }
        extended = false;
      }
      const response = await ftp.request("PASV");
      const numbers = /(?:\d{1,3},){4}(\d{1,3}),(\d{1,3})/.exec(response.message);
      if (numbers === null) throw new Error(`Cannot parse "${response.message}"`);
      return Number(numbers[1]) * 256 + Number(numbers[2]);
    }
  };
}

/** Gives a TLS socket what basic-ftp looks for, and Deno before 2.6 lacks. */
export function tolerant(socket: TLSSocket): TLSSocket {
  const lacking: { getProtocol?: () => string | null; encrypted?: true } = socket;
  lacking.getProtocol ??= () => null;
  if (!("encrypted" in socket)) lacking.encrypted = true;
  return socket;
}
