import type { ListenAddress } from "../../config/config.ts";
import type { HttpService } from "./service.ts";
import type { HttpThreadPlace } from "./thread_handle.ts";
import { planThreads } from "./thread_plan.ts";
import { listenText } from "./open_server.ts";

/** What serves now. */
export interface PresentService {
  /** Where; `null`: nowhere yet. */
  readonly address: ListenAddress | null;
  /** Each thread there is: those that were only prepared, too. */
  readonly threads: readonly PresentThread[];
  /** What threads may do. */
  readonly permissions: Deno.PermissionOptions;
  /** Whether the system deals the connections of one TCP address out among several threads. */
  readonly balanced: boolean;
  /** Whether it can be decided which threads get new connections. */
  readonly steerable: boolean;
}

/** What a plan has to know of a thread. */
export interface PresentThread {
  readonly place: HttpThreadPlace;
  /** With how many sockets it listens. */
  readonly sockets: number;
}

/** What has to be done so that a service is as it is wanted. */
export interface ServicePlan {
  readonly place: HttpThreadPlace;
  /** Whether others may listen there, too. */
  readonly shared: boolean;
  /** Whether the address is another one than before. */
  readonly moved: boolean;
  /** Whether a predecessor leaves the address to this process. */
  readonly taking: boolean;
  /** Which threads go on, by their index. */
  readonly kept: readonly number[];
  /** How many threads are started. */
  readonly added: number;
  /** Sockets of others who leave the address. */
  readonly others: number;
  /** With how many sockets each thread listens that begins to. */
  readonly sockets: number;
  /** Whether a Unix socket is taken from whoever listens there. */
  readonly takeOver: boolean;
  /** Whether new connections are led from the others to these. */
  readonly succeeds: boolean;
}

/**
 * Decides how a service becomes what is wanted: who goes on, who begins, who leaves.
 *
 * @param present what serves now
 * @param service what is wanted
 * @throws Error when that is not possible without starting the daemon again
 */
export function planService(present: PresentService, service: HttpService): ServicePlan {
  const { address: before, threads, balanced } = present;
  const { predecessor = null, permissions = "inherit" } = service;
  const { place, count, shared } = planThreads(service, balanced);
  const moved = before === null || !sameAddress(before, service.address);
  const taking = before === null && predecessor !== null &&
    sameAddress(predecessor.address, service.address);
  const renewed = place === "worker" && before !== null &&
    JSON.stringify(permissions) !== JSON.stringify(present.permissions);
  if (renewed && !shared && !moved && before.transport === "tcp") {
    throw new Error(
      "The HTTP thread may not use what the new configuration names: start the daemon again",
    );
  }
  const kept = renewed ? [] : keptThreads(present, { place, count, shared, moved });
  const added = Math.max(0, count - kept.length);
  const joining = moved ? kept.length + added : added;
  const leaving = threads.filter((_, index) => !kept.includes(index));
  // As many as the old ones at least, see Succession.
  const others = taking ? predecessor.sockets : moved ? 0 : socketsOf(leaving);
  return {
    place,
    shared,
    moved,
    taking,
    kept,
    added,
    others,
    sockets: shared && joining > 0 ? Math.max(1, Math.ceil(others / joining)) : 1,
    takeOver: taking || !moved,
    succeeds: (others > 0 && shared && kept.length === 0) || taking,
  };
}

/** How many sockets threads have. */
export function socketsOf(threads: readonly Pick<PresentThread, "sockets">[]): number {
  return threads.reduce((sum, { sockets }) => sum + sockets, 0);
}

/** The threads that go on to be used, where all may do what they need. */
function keptThreads(
  { threads, steerable }: PresentService,
  { place, count, shared, moved }: ReturnType<typeof planThreads> & { readonly moved: boolean },
): number[] {
  // One thread serves an unshared address anyway.
  if (!shared && !moved) return threads.length > 0 ? [0] : [];
  const all = [...threads.keys()];
  const kept = all.filter((index) => threads[index]!.place === place).slice(0, count);
  // Connections can be kept from the older threads, not from some of them.
  return kept.length < threads.length && !moved && steerable ? [] : kept;
}

/** Whether an address is the one that is listened on; a port that the system chose stays. */
function sameAddress(current: ListenAddress, wanted: ListenAddress): boolean {
  if (current.transport === "tcp" && wanted.transport === "tcp" && wanted.port === 0) {
    return current.hostname === wanted.hostname;
  }
  return listenText(current) === listenText(wanted);
}
