/** Sockets of one shared TCP address, by their number: in the order in which they began to listen. */
export interface SocketRange {
  readonly first: number;
  readonly count: number;
}

/** A TCP address: a shared one, or the other end of a connection. */
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

/** Port: cuts connections, which the runtime does not do for one alone. */
export interface Cutter {
  /**
   * Cuts the connection with somebody, and throws away what waits to be taken.
   *
   * @param peer the other end
   * @returns whether there was one that could be cut
   */
  cut(peer: SharedAddress): Promise<boolean>;
}
