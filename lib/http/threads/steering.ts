/** Sockets of one shared TCP address, by their number: in the order in which they began to listen. */
export interface SocketRange {
  readonly first: number;
  readonly count: number;
}

/** A shared TCP address. */
export interface SharedAddress {
  readonly hostname: string;
  readonly port: number;
}

/**
 * Port: decides which of the sockets that share an address get new connections. Closing a socket
 * resets the connections that wait at it; one that gets no new ones can be closed without any loss.
 */
export interface Steering {
  /**
   * Sends every new connection to some of the sockets. A range that goes beyond the last socket
   * stands, in part, for all of them.
   *
   * @returns whether this system can
   */
  steer(address: SharedAddress, to: SocketRange): Promise<boolean>;
  /** Lets the system deal connections out among all sockets again. */
  release(address: SharedAddress): Promise<void>;
}
