import { assertEquals, assertThrows } from "@std/assert";
import type { ListenAddress } from "../../../lib/config/config.ts";
import type { HttpService } from "../../../lib/http/threads/service.ts";
import {
  planService,
  type PresentService,
  type PresentThread,
  type ServicePlan,
} from "../../../lib/http/threads/service_plan.ts";

const A: ListenAddress = { transport: "tcp", hostname: "::", port: 80 };
const B: ListenAddress = { transport: "tcp", hostname: "::", port: 81 };
const UNIX: ListenAddress = { transport: "unix", path: "/run/m.sock" };
const ONE: PresentThread = { place: "worker", sockets: 1 };
const FRESH: PresentThread = { place: "worker", sockets: 0 };
const HERE: PresentThread = { place: "here", sockets: 1 };
const OTHER = { env: false } as const;

function present(
  address: ListenAddress | null,
  threads: readonly PresentThread[],
  changes: Partial<PresentService> = {},
): PresentService {
  const usual = { permissions: "inherit", balanced: true, steerable: true } as const;
  return { address, threads, ...usual, ...changes };
}

const PLAIN: ServicePlan = {
  place: "worker",
  shared: true,
  moved: false,
  taking: false,
  kept: [],
  added: 0,
  others: 0,
  sockets: 1,
  takeOver: true,
  succeeds: false,
};
const FIRST: ServicePlan = { ...PLAIN, moved: true, takeOver: false };

const CASES: readonly (readonly [string, PresentService, HttpService, ServicePlan])[] = [
  ["the first start", present(null, []), { address: A, workers: 2 }, { ...FIRST, added: 2 }],
  [
    "prepared threads",
    present(null, [FRESH, FRESH]),
    { address: A, workers: 2 },
    { ...FIRST, kept: [0, 1] },
  ],
  [
    "nothing changes",
    present(A, [ONE, ONE]),
    { address: A, workers: 2 },
    { ...PLAIN, kept: [0, 1] },
  ],
  [
    "one thread more",
    present(A, [ONE, ONE]),
    { address: A, workers: 3 },
    { ...PLAIN, kept: [0, 1], added: 1 },
  ],
  [
    "one thread less: all are new where that can be steered",
    present(A, [ONE, ONE, ONE]),
    { address: A, workers: 2 },
    { ...PLAIN, added: 2, others: 3, sockets: 2, succeeds: true },
  ],
  [
    "one thread less where nothing is steered",
    present(A, [ONE, ONE, ONE], { steerable: false }),
    { address: A, workers: 2 },
    { ...PLAIN, kept: [0, 1], others: 1 },
  ],
  [
    "another address",
    present(A, [ONE, ONE]),
    { address: B, workers: 1 },
    { ...FIRST, kept: [0] },
  ],
  [
    "from the main thread to workers",
    present(A, [HERE]),
    { address: A, workers: 2 },
    { ...PLAIN, added: 2, others: 1, succeeds: true },
  ],
  [
    "to the main thread",
    present(A, [ONE, ONE]),
    { address: A, workers: 0 },
    { ...PLAIN, place: "here", added: 1, others: 2, sockets: 2, succeeds: true },
  ],
  [
    "other permissions",
    present(A, [ONE]),
    { address: A, workers: 1, permissions: OTHER },
    { ...PLAIN, added: 1, others: 1, succeeds: true },
  ],
  [
    "other permissions on the main thread, which has its own",
    present(A, [HERE]),
    { address: A, workers: 0, permissions: OTHER },
    { ...PLAIN, place: "here", kept: [0] },
  ],
  [
    "other permissions with a Unix socket",
    present(UNIX, [ONE]),
    { address: UNIX, workers: 1, permissions: OTHER },
    { ...PLAIN, shared: false, added: 1, others: 1 },
  ],
  [
    "a Unix socket has one listener",
    present(null, []),
    { address: UNIX, workers: 4 },
    { ...FIRST, shared: false, added: 1 },
  ],
  [
    "a predecessor on the same address",
    present(null, [FRESH]),
    { address: A, workers: 1, predecessor: { address: A, sockets: 3 } },
    { ...FIRST, taking: true, kept: [0], others: 3, sockets: 3, takeOver: true, succeeds: true },
  ],
  [
    "a predecessor elsewhere",
    present(null, []),
    { address: A, workers: 1, predecessor: { address: B, sockets: 3 } },
    { ...FIRST, added: 1 },
  ],
  [
    "a system that deals nothing out",
    present(null, [], { balanced: false, steerable: false }),
    { address: A, workers: 4 },
    { ...FIRST, shared: false, added: 1 },
  ],
];

for (const [name, now, wanted, plan] of CASES) {
  Deno.test(`planService(): ${name}`, () => assertEquals(planService(now, wanted), plan));
}

Deno.test("planService() cannot renew the one thread of an address that is not shared", () => {
  const now = present(A, [ONE], { balanced: false, steerable: false });
  assertThrows(
    () => planService(now, { address: A, workers: 1, permissions: OTHER }),
    Error,
    "start the daemon again",
  );
});
