/** Port: counts requests by who forwarded them. Never waits, never throws. */
export interface Forwarders {
  /**
   * Counts a request.
   *
   * @param network the public network that forwarded it without being trusted to; `null`: nobody did
   */
  add(network: string | null): void;
}
