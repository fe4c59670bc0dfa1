import type { MirrorState } from "./mirror_state.ts";
import type { StateShape } from "./state_shape.ts";

/** A part of a mirror's state, as the stores and the control API know it. */
export interface StateField<P extends keyof MirrorState = keyof MirrorState> {
  readonly property: P;
  readonly shape: StateShape;
  /** What a mirror has that was just added. */
  readonly initial: MirrorState[P];
  /**
   * The original does not know it: in Redis it is a further field of `MIRROR_id`, named as the property
   * and holding JSON, which is missing while it has its initial value.
   */
  readonly newer?: boolean;
}

const FLAG: StateShape = { type: "flag" };
const TEXT: StateShape = { type: "text" };
const TIME: StateShape = { type: "time", nullable: true };
const MILLISECONDS: StateShape = { type: "integer", unit: "Milliseconds" };

const CAUSE: StateShape = {
  type: "record",
  nullable: true,
  entries: {
    kind: { type: "choice", words: ["dns", "connect", "tls", "answer", "status"] },
    text: TEXT,
    address: TEXT,
    milliseconds: MILLISECONDS,
    reason: TEXT,
    since: { type: "time" },
  },
};

const CERTIFICATE: StateShape = {
  type: "record",
  nullable: true,
  entries: { ends: { type: "time" }, warned: { type: "integer", unit: "Days" } },
};

const FAMILY: StateShape = {
  type: "record",
  entries: {
    state: { type: "choice", words: ["up", "down", "none", "unknown"] },
    text: TEXT,
    time: { type: "time" },
  },
};

const FAMILIES: StateShape = {
  type: "record",
  nullable: true,
  entries: { ipv4: FAMILY, ipv6: FAMILY },
};

const DOWNTIME: StateShape = {
  type: "record",
  nullable: true,
  entries: {
    from: { type: "time" },
    until: TIME,
    reason: TEXT,
    started: FLAG,
    by: TEXT,
  },
};

const COUNT: StateShape = { type: "integer", least: 0 };

/** How many files of a kind a scan counted. */
const COUNTS = {
  current: COUNT,
  older: COUNT,
  size: COUNT,
  newer: COUNT,
  missing: COUNT,
  foreign: COUNT,
};

/** What the event of a scan tells of them. */
export const SCAN_COUNTS: StateShape = { type: "record", entries: COUNTS };

const NUMBERS: StateShape = {
  type: "record",
  nullable: true,
  entries: { ...COUNTS, behindSince: TIME, scan: { type: "time" } },
};

/**
 * The state in the order of its JSON.
 *
 * This is the one place where a part of the state is declared. A property of {@linkcode MirrorState} and
 * a row here, which the compiler asks for, and it is in both stores (no migration: a store that lacks it
 * has the initial value), in `store copy`, and in the control API with its OpenAPI document. What is new
 * also gets `newer: true`.
 */
const TABLE: { readonly [P in keyof MirrorState]: Omit<StateField<P>, "property"> } = {
  httpUp: { shape: FLAG, initial: false },
  httpsUp: { shape: FLAG, initial: false },
  httpDownReason: { shape: TEXT, initial: "" },
  httpsDownReason: { shape: TEXT, initial: "" },
  httpDownCause: { shape: CAUSE, initial: null, newer: true },
  httpsDownCause: { shape: CAUSE, initial: null, newer: true },
  families: { shape: FAMILIES, initial: null, newer: true },
  busySince: { shape: TIME, initial: null, newer: true },
  notScannedFor: { shape: MILLISECONDS, initial: 0, newer: true },
  downtime: { shape: DOWNTIME, initial: null, newer: true },
  certificate: { shape: CERTIFICATE, initial: null, newer: true },
  stateSince: { shape: TIME, initial: null },
  lastSync: { shape: TIME, initial: null },
  lastSuccessfulSync: { shape: TIME, initial: null },
  lastSuccessfulSyncProtocol: {
    shape: { type: "choice", words: ["rsync", "ftp", "http"] },
    initial: "rsync",
  },
  lastSuccessfulSyncPrecision: { shape: MILLISECONDS, initial: 0 },
  scanNumbers: { shape: NUMBERS, initial: null, newer: true },
  lastModTime: { shape: TIME, initial: null },
  timeZoneOffset: { shape: MILLISECONDS, initial: 0 },
};

/** Every part of the state, in a fixed order. */
export const STATE_FIELDS: readonly StateField[] = Object.entries(TABLE).map(
  ([property, row]) => ({ property: property as keyof MirrorState, ...row }),
);

/** The state of a mirror that was just added. */
export const INITIAL_STATE: MirrorState = Object.fromEntries(
  STATE_FIELDS.map(({ property, initial }) => [property, initial]),
) as unknown as MirrorState;
