import type { ListenAddress } from "../../config/config.ts";

/** Others who serve an address and are about to leave it: another process, or other threads. */
export interface Predecessor {
  readonly address: ListenAddress;
  /** With how many sockets they listen. */
  readonly sockets: number;
}

/** How requests are served. */
export interface HttpService {
  readonly address: ListenAddress;
  /** Threads; 0: on the control thread. */
  readonly workers: number;
  /** What threads with a worker of their own may do. Default: whatever the control thread may. */
  readonly permissions?: Deno.PermissionOptions;
  /** Who is still there. Default: nobody; then the address must be free. */
  readonly predecessor?: Predecessor | null;
}
