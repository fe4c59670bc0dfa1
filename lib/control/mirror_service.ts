import type { Downtime } from "../catalog/downtime.ts";
import type { MirrorEvent, MirrorEventDetail } from "../catalog/mirror_event.ts";
import type { MirrorRecord, MirrorState } from "../catalog/mirror_state.ts";
import type { GeoResolver } from "../geoip/resolver.ts";
import type { Log } from "../log/log.ts";
import {
  NameTakenError,
  NoSuchMirrorError,
  type Store,
  StoreUnavailableError,
} from "../store/store.ts";
import { ControlError } from "./api/control_error.ts";
import { fingerprint } from "./fingerprint.ts";
import { mirrorToJson } from "./mirror_json.ts";
import {
  type HostResolver,
  locateMirror,
  type LocationResult,
  locationSettings,
  PLACE_UNKNOWN,
} from "./mirror_location.ts";
import type { RememberedMirrors } from "./mirror_memory.ts";
import { compareMirrors, type MirrorFilter } from "./mirror_order.ts";
import { applySettings, settingWarnings } from "./mirror_rules.ts";
import {
  DEFAULT_SETTINGS,
  type MirrorSettings,
  settingsOf,
} from "../catalog/settings/mirror_settings.ts";
import { mirrorStatus } from "./mirror_status.ts";
import { matchName } from "./match_name.ts";

/** What the operations on mirrors need. */
export interface MirrorServiceDependencies {
  readonly store: Pick<
    Store,
    | "mirrors"
    | "mirror"
    | "notes"
    | "addMirror"
    | "updateMirror"
    | "updateMirrorState"
    | "enableMirror"
    | "removeMirror"
    | "addEvent"
    | "events"
  >;
  /** What is remembered of the mirrors while the store is away; `null`: nothing. */
  readonly remembered: () => RememberedMirrors | null;
  readonly geo: GeoResolver;
  readonly resolveHost: HostResolver;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
}

/** A mirror that was just added. */
export interface AddedMirror {
  readonly mirror: MirrorRecord;
  readonly located: LocationResult;
  /** What the operator should know, beside what the location says. */
  readonly warnings: readonly string[];
}

/**
 * Everything an operator does to mirrors. Every method throws {@linkcode ControlError}, and what the
 * store throws.
 */
export class MirrorService {
  readonly #dependencies: MirrorServiceDependencies;
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(dependencies: MirrorServiceDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * The mirrors, those whose state changed last first, then by name.
   *
   * @param remembered whether what is remembered will do while the store is away
   */
  async list(filter: MirrorFilter = {}, remembered = false): Promise<RememberedMirrors> {
    const { mirrors, asOf } = await this.#known(remembered);
    const listed = mirrors.filter((mirror) => {
      if (filter.enabled !== undefined && mirror.enabled !== filter.enabled) return false;
      return !filter.down || (mirror.enabled && mirrorStatus(mirror) !== "up");
    }).sort(compareMirrors);
    return { mirrors: listed, asOf };
  }

  /**
   * The one mirror with that name, or with that text in its name.
   *
   * @param remembered whether what is remembered will do while the store is away
   */
  async match(
    text: string,
    remembered = false,
  ): Promise<{ readonly mirror: MirrorRecord; readonly asOf: number | null }> {
    const { mirrors, asOf } = await this.#known(remembered);
    return { mirror: matchName(mirrors, text), asOf };
  }

  /** The mirror with that ID. */
  async get(id: number): Promise<MirrorRecord> {
    const mirror = await this.#dependencies.store.mirror(id);
    if (mirror) return mirror;
    throw new ControlError("not_found", new NoSuchMirrorError(id).message);
  }

  /** Adds a mirror, disabled, at the place where the GeoIP databases find its host. */
  async add(input: Readonly<Record<string, unknown>>, by = ""): Promise<AddedMirror> {
    const { store, log } = this.#dependencies;
    const wanted = applySettings(DEFAULT_SETTINGS, input);
    // Whoever says all of it, such as a backup, does not depend on what a name server knows today.
    const says = (property: string): boolean => Object.hasOwn(input, property);
    const looks = !wanted.global && !LOCATION_SETTINGS.every(says);
    const located = looks ? await locateMirror(wanted.httpUrl, this.#dependencies) : NOT_LOOKED_UP;
    const placed = !looks || located.location !== null || PLACE_SETTINGS.every(says);
    const settings = { ...wanted, ...locationSettings(located), ...given(wanted, input) };
    return await this.#alone(async () => {
      const id = await store.addMirror(settings).catch(nameTaken);
      await this.#event(id, { type: "added" }, by);
      if (settings.enabled) await this.#event(id, { type: "enabled" }, by);
      log.info(`Mirror ${JSON.stringify(settings.name)} added`);
      const warnings = [...(placed ? [] : [PLACE_UNKNOWN]), ...settingWarnings(settings)];
      return { mirror: await this.get(id), located, warnings };
    });
  }

  /**
   * Changes settings of a mirror.
   *
   * @param changes the settings to change; the others stay
   * @param expected fingerprint of the settings that the change is based on; `null`: whatever they are
   * @param by who does it; empty: nobody knows
   */
  async edit(
    id: number,
    changes: Readonly<Record<string, unknown>>,
    expected: string | null,
    by = "",
  ): Promise<MirrorRecord> {
    return await this.#alone(async () => {
      const mirror = await this.#expect(id, expected);
      const before = settingsOf(mirror);
      const after = applySettings(before, changes);
      if (JSON.stringify(after) === JSON.stringify(before)) return mirror;
      const { store } = this.#dependencies;
      await store.updateMirror({ id, ...after }).catch(nameTaken);
      if (after.httpUrl !== before.httpUrl) await store.updateMirrorState(id, UNKNOWN);
      await this.#event(id, { type: "edited" }, by);
      if (after.enabled !== before.enabled) {
        await this.#enabledEvent(id, after.enabled, by);
        await this.#cancelDowntime(mirror, by);
      }
      this.#dependencies.log.info(`Mirror ${JSON.stringify(after.name)} edited`);
      return await this.get(id);
    });
  }

  /**
   * Enables or disables a mirror, and ends what was planned; nothing is recorded when it is so already.
   *
   * @param by who does it; empty: nobody knows
   */
  async enable(id: number, enabled: boolean, by = ""): Promise<MirrorRecord> {
    return await this.#alone(async () => {
      const mirror = await this.get(id);
      if (mirror.enabled === enabled && mirror.downtime === null) return mirror;
      await this.#cancelDowntime(mirror, by);
      if (mirror.enabled !== enabled) await this.#switch(mirror, enabled, by);
      return await this.get(id);
    });
  }

  /**
   * Plans a time in which a mirror is off, in place of what was planned.
   *
   * @param plan milliseconds since the epoch; one that begins now does so at once
   * @param by who does it; empty: nobody knows
   */
  async plan(
    id: number,
    { from, until, reason }: Pick<Downtime, "from" | "until" | "reason">,
    by = "",
  ): Promise<MirrorRecord> {
    return await this.#alone(async () => {
      const { store, now, log } = this.#dependencies;
      const mirror = await this.get(id);
      const time = now();
      if (until !== null && until <= Math.max(from, time)) {
        throw new ControlError("invalid", "The downtime must end after it begins, and after now");
      }
      const started = from <= time;
      if (!started && !mirror.enabled && mirror.downtime === null) {
        throw new ControlError(
          "invalid",
          `Mirror ${
            JSON.stringify(mirror.name)
          } is disabled already: enable it first, or leave out when the downtime begins`,
        );
      }
      await this.#cancelDowntime(mirror, by);
      if (started && mirror.enabled) await this.#switch(mirror, false, by);
      await store.updateMirrorState(id, { downtime: { from, until, reason, started, by } });
      await this.#event(id, { type: "downtime", step: "planned", from, until, reason }, by);
      log.info(`Mirror ${JSON.stringify(mirror.name)}: a downtime is planned`);
      return await this.get(id);
    });
  }

  /** Puts a line into the event log of a mirror. @param by who does it; empty: nobody knows */
  async note(id: number, text: string, by = ""): Promise<MirrorRecord> {
    const mirror = await this.get(id);
    await this.#event(id, { type: "note", text: text.replaceAll(/\s+/g, " ").trim() }, by);
    return mirror;
  }

  /** Removes a mirror with everything that is known about it. */
  async remove(id: number, expected: string | null): Promise<MirrorRecord> {
    return await this.#alone(async () => {
      const mirror = await this.#expect(id, expected);
      const { store } = this.#dependencies;
      await store.removeMirror(id);
      await store.notes.change("carried", { removed: [`${id}`] });
      this.#dependencies.log.info(`Mirror ${JSON.stringify(mirror.name)} removed`);
      return mirror;
    });
  }

  /** Looks up where a mirror stands now, and changes nothing. */
  async locate(id: number): Promise<LocationResult> {
    const mirror = await this.get(id);
    if (mirror.global) {
      const warnings = ["it has no place (Global): there is nothing to look up"];
      return { location: null, asNumber: mirror.asNumber, warnings };
    }
    return await locateMirror(mirror.httpUrl, this.#dependencies);
  }

  /** The newest events of a mirror, oldest first. */
  async events(id: number, limit: number): Promise<MirrorEvent[]> {
    await this.get(id);
    return limit === 0 ? [] : await this.#dependencies.store.events(id, limit);
  }

  async #known(remembered: boolean): Promise<RememberedMirrors> {
    const { store } = this.#dependencies;
    try {
      return { mirrors: await store.mirrors(), asOf: null };
    } catch (error) {
      const away = remembered && error instanceof StoreUnavailableError;
      const known = away ? this.#dependencies.remembered() : null;
      if (known === null) throw error;
      return known;
    }
  }

  async #expect(id: number, expected: string | null): Promise<MirrorRecord> {
    const mirror = await this.get(id);
    if (expected === null || expected === fingerprint(mirror)) return mirror;
    throw new ControlError(
      "changed",
      `Mirror ${JSON.stringify(mirror.name)} was changed meanwhile`,
      {
        mirror: mirrorToJson(mirror),
      },
    );
  }

  async #switch({ id, name }: MirrorRecord, enabled: boolean, by: string): Promise<void> {
    await this.#dependencies.store.enableMirror(id, enabled);
    await this.#enabledEvent(id, enabled, by);
    const what = enabled ? "enabled" : "disabled";
    this.#dependencies.log.info(`Mirror ${JSON.stringify(name)} ${what}`);
  }

  async #cancelDowntime({ id, downtime }: MirrorRecord, by: string): Promise<void> {
    if (downtime === null) return;
    const { from, until, reason } = downtime;
    await this.#dependencies.store.updateMirrorState(id, { downtime: null });
    await this.#event(id, { type: "downtime", step: "cancelled", from, until, reason }, by);
  }

  async #event(mirrorId: number, detail: MirrorEventDetail, by: string): Promise<void> {
    const { store, now } = this.#dependencies;
    await store.addEvent({ ...detail, mirrorId, time: now(), ...(by === "" ? {} : { by }) });
  }

  async #enabledEvent(mirrorId: number, enabled: boolean, by: string): Promise<void> {
    await this.#event(mirrorId, { type: enabled ? "enabled" : "disabled" }, by);
  }

  /** Runs changes one after the other, so that none acts on what another is about to replace. */
  async #alone<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#lastChange.then(change);
    this.#lastChange = result.catch(() => {});
    return await result;
  }
}

/** Where a mirror stands. */
const PLACE_SETTINGS: readonly (keyof MirrorSettings)[] = [
  "latitude",
  "longitude",
  "continentCode",
  "countryCodes",
];

/** What a location decides. */
const LOCATION_SETTINGS = [...PLACE_SETTINGS, "asNumber"];

/** What is known of a mirror at another URL, until that is checked: then it is a change. */
const UNKNOWN: Partial<MirrorState> = {
  httpUp: false,
  httpsUp: false,
  httpDownReason: "",
  httpsDownReason: "",
  httpDownCause: null,
  httpsDownCause: null,
  families: null,
  busySince: null,
  stateSince: null,
};

const NOT_LOOKED_UP: LocationResult = { location: null, asNumber: 0, warnings: [] };

/** The settings that were given, of those that a location would decide. */
function given(
  settings: MirrorSettings,
  input: Readonly<Record<string, unknown>>,
): Partial<MirrorSettings> {
  return Object.fromEntries(
    Object.entries(settings).filter(([property]) => Object.hasOwn(input, property)),
  );
}

function nameTaken(error: unknown): never {
  if (error instanceof NameTakenError) throw new ControlError("name_taken", error.message);
  throw error;
}
