/** The way to the service manager. */
export interface NotifySocket extends Disposable {
  /**
   * Sends one message.
   *
   * @param text assignments, one a line
   * @throws Error when nobody takes it
   */
  send(text: string): Promise<void>;
}

const encoder = new TextEncoder();

/**
 * Opens the way to the socket that a service manager named in NOTIFY_SOCKET: datagrams on a Unix
 * socket (sd_notify(3)).
 *
 * @param address a path, or `@` and the name of an abstract socket (which Deno reaches since 2.9)
 * @param own path that our own end is bound to for a moment: Deno has no sockets without one
 * @throws Error when the address has another form, or Deno cannot make such a socket
 */
export function openNotifySocket(address: string, own: string): NotifySocket {
  if (!/^[/@]./.test(address)) throw new Error("only Unix sockets are supported");
  const path = address.replace(/^@/, "\0");
  removeIfThere(own);
  const socket = Deno.listenDatagram({ transport: "unixpacket", path: own });
  // The name is of no use to anybody, and must not be in the way of the next process.
  removeIfThere(own);
  return {
    async send(text) {
      await socket.send(encoder.encode(text), { transport: "unixpacket", path });
    },
    [Symbol.dispose]: () => socket.close(),
  };
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
