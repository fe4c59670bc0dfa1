import type { DifferenceQuery } from "../catalog/file_difference.ts";
import type { DifferencesJson } from "./api/difference_schemas.ts";
import type { ExplanationJson, RulesJson } from "./api/explain_schemas.ts";
import type { CheckedJson } from "./api/check_schemas.ts";
import type {
  HealthJson,
  NodesJson,
  ReloadJson,
  UpgradeJson,
  VersionInfo,
} from "./api/daemon_schemas.ts";
import type { DisableRequest } from "./api/downtime_schemas.ts";
import type { EventJson, NewerEventsJson } from "./api/event_schema.ts";
import type { GeoipJson } from "./api/geoip_schemas.ts";
import type {
  AddMirrorJson,
  LocationJson,
  MirrorJson,
  MirrorListJson,
} from "./api/mirror_schemas.ts";
import type {
  MirrorScanOutcome,
  MirrorScanRequest,
  SourceScanOutcome,
  SourceScanRequest,
} from "./api/scan_schemas.ts";
import type { QuotasJson } from "./api/quota_schemas.ts";
import type { SimulatedJson, SimulateRequest } from "./api/simulate_schemas.ts";
import type { NotifyTestJson } from "./api/notify_schemas.ts";
import type { HoldJson, RolloutJson } from "./api/release_schemas.ts";
import type {
  FileStatsJson,
  MirrorSeriesJson,
  MirrorStatsJson,
  PrunedStatsJson,
  StatisticsJson,
} from "./api/stats_schemas.ts";
import type { RequiredJson, SetListJson } from "./api/set_schemas.ts";
import type { MirrorFilter } from "./mirror_order.ts";
import type { ScanObserver } from "./scan_service.ts";
import { type ControlClientOptions, ControlTransport } from "./control_transport.ts";

/** A mirror, and the entity tag of its settings. */
export interface TaggedMirror {
  readonly mirror: MirrorJson;
  readonly tag: string;
}

/** A mirror, and the time at which it was so, ISO 8601; `null`: it is so now. */
export interface SeenMirror {
  readonly mirror: MirrorJson;
  readonly asOf: string | null;
}

/** Talks to a running daemon. Every method throws `ControlClientError`. */
export class ControlClient {
  readonly #transport: ControlTransport;

  constructor(options: ControlClientOptions) {
    this.#transport = new ControlTransport(options);
  }

  /** What the daemon is and runs on. */
  async version(): Promise<VersionInfo> {
    return (await this.#transport.ask("GET /version", {})).answer;
  }

  /** Whether the daemon is ready for requests, and what it works with. */
  async health(): Promise<HealthJson> {
    return (await this.#transport.ask("GET /health", {}, { statuses: [503] })).answer;
  }

  /** Which GeoIP databases answer. @param address to look up; `null`: none */
  async geoip(address: string | null): Promise<GeoipJson> {
    const query = address === null ? {} : { address };
    return (await this.#transport.ask("GET /geoip", { query })).answer;
  }

  /** Looks for newer GeoIP databases now. */
  async updateGeoip(): Promise<GeoipJson> {
    return (await this.#transport.ask("POST /geoip/update", {})).answer;
  }

  /** Lists mirrors, the newest change of state first. */
  async list(filter: MirrorFilter = {}): Promise<readonly MirrorJson[]> {
    return (await this.#transport.ask("GET /mirrors", { query: filter })).answer.mirrors;
  }

  /** The same with what it takes to judge them, and what the daemon remembers if the store is away. */
  async listing(filter: MirrorFilter = {}): Promise<MirrorListJson> {
    const query = { ...filter, remembered: true };
    return (await this.#transport.ask("GET /mirrors", { query })).answer;
  }

  /** Finds the one mirror that a name, or a part of one, means. */
  async match(name: string): Promise<TaggedMirror> {
    return tagged(await this.#transport.ask("GET /mirrors/match", { query: { name } }));
  }

  /** The same, or what the daemon remembers of it if the store is away. */
  async lookUp(name: string): Promise<SeenMirror> {
    const query = { name, remembered: true };
    const { answer: mirror, asOf } = await this.#transport.ask("GET /mirrors/match", { query });
    return { mirror, asOf };
  }

  /** Shows a mirror. */
  async get(id: number): Promise<TaggedMirror> {
    return tagged(await this.#transport.ask("GET /mirrors/{id}", { id }));
  }

  /** Adds a mirror. */
  async add(settings: Readonly<Record<string, unknown>>): Promise<AddMirrorJson> {
    return (await this.#transport.ask("POST /mirrors", { settings })).answer;
  }

  /**
   * Changes settings of a mirror.
   *
   * @param tag of the settings that the change is based on
   */
  async edit(
    id: number,
    settings: Readonly<Record<string, unknown>>,
    tag: string,
  ): Promise<TaggedMirror> {
    return tagged(await this.#transport.ask("PATCH /mirrors/{id}", { id, settings, tag }));
  }

  /** Removes a mirror, if its settings are still those with that tag. */
  async remove(id: number, tag: string): Promise<MirrorJson> {
    return (await this.#transport.ask("DELETE /mirrors/{id}", { id, tag })).answer;
  }

  /** Enables or disables a mirror. */
  async enable(id: number, enabled: boolean): Promise<MirrorJson> {
    if (!enabled) return await this.disable(id, {});
    return (await this.#transport.ask("POST /mirrors/{id}/enable", { id })).answer;
  }

  /** Disables a mirror now, or plans a time in which it is off. */
  async disable(id: number, body: DisableRequest): Promise<MirrorJson> {
    return (await this.#transport.ask("POST /mirrors/{id}/disable", { id, body })).answer;
  }

  /** Puts a line into the event log of a mirror. */
  async note(id: number, text: string): Promise<void> {
    await this.#transport.ask("POST /mirrors/{id}/notes", { id, body: { text } });
  }

  /** Scans a mirror now; aborting the signal aborts the scan in the daemon. */
  async scanMirror(
    id: number,
    body: MirrorScanRequest,
    observer: ScanObserver,
  ): Promise<MirrorScanOutcome> {
    return await this.#transport.follow("POST /mirrors/{id}/scan", {
      id,
      body: { ...body, full: body.full ?? false },
    }, observer);
  }

  /** Has a listing that rsync wrote elsewhere taken for a scan of a mirror. */
  async takeListing(
    id: number,
    text: AsyncIterable<Uint8Array>,
    observer: ScanObserver,
  ): Promise<MirrorScanOutcome> {
    return await this.#transport.follow("POST /mirrors/{id}/listing", { id, text }, observer);
  }

  /** Scans the source repository now; aborting the signal aborts the scan in the daemon. */
  async scanSource(body: SourceScanRequest, observer: ScanObserver): Promise<SourceScanOutcome> {
    const { prunePieces = false, forgetRevisions = null } = body;
    return await this.#transport.follow("POST /source/scan", {
      body: { ...body, prunePieces, forgetRevisions },
    }, observer);
  }

  /** Looks up where a mirror stands now; changes nothing. */
  async location(id: number): Promise<LocationJson> {
    return (await this.#transport.ask("GET /mirrors/{id}/location", { id })).answer;
  }

  /**
   * The events of the mirrors that have others than are known.
   *
   * @param known ID → tag that came with its events
   * @param limit events of each mirror at most
   */
  async newerEvents(
    known: ReadonlyMap<number, string>,
    limit: number,
  ): Promise<readonly NewerEventsJson[]> {
    const body = { known: Object.fromEntries(known), limit };
    return (await this.#transport.ask("POST /events/newer", { body })).answer.mirrors;
  }

  /** The newest events of a mirror, oldest first. */
  async events(id: number, limit: number): Promise<readonly EventJson[]> {
    const name = "GET /mirrors/{id}/events";
    return (await this.#transport.ask(name, { id, query: { limit } })).answer.events;
  }

  /** Files of a mirror that differ from the source's in one way, by path. */
  async differences(id: number, query: DifferenceQuery): Promise<DifferencesJson> {
    return (await this.#transport.ask("GET /mirrors/{id}/files", { id, query })).answer;
  }

  /** Everything that decides who serves a file to a client; without an address nothing is known of it. */
  async explain(
    { path, from, https, seed }: {
      readonly path: string;
      readonly from: string | null;
      readonly https: boolean;
      readonly seed: number;
    },
  ): Promise<ExplanationJson> {
    const query = { path, https, seed, ...(from === null ? {} : { from }) };
    return (await this.#transport.ask("GET /explain", { query })).answer;
  }

  /** What each rule does for a client; with a path only for mirrors that have the file. */
  async testRules(from: string, path: string | null): Promise<RulesJson> {
    const query = { from, ...(path === null ? {} : { path }) };
    return (await this.#transport.ask("GET /rules", { query })).answer;
  }

  /** Whom requests would be sent to if mirrors had other settings. */
  async simulate(request: SimulateRequest): Promise<SimulatedJson> {
    return (await this.#transport.ask("POST /simulate", { body: request })).answer;
  }

  /** Who works on the store. */
  async nodes(): Promise<NodesJson> {
    return (await this.#transport.ask("GET /nodes", {})).answer;
  }

  /** What mirrors have used of their quotas. */
  async quotas(): Promise<QuotasJson["mirrors"]> {
    return (await this.#transport.ask("GET /mirrors/quotas", {})).answer.mirrors;
  }

  /** Downloads from a mirror. Days are `YYYY-MM-DD`, both ends included; `undefined`: today. */
  async mirrorStats(id: number, start?: string, end?: string): Promise<MirrorStatsJson> {
    const query = { start, end };
    return (await this.#transport.ask("GET /mirrors/{id}/stats", { id, query })).answer;
  }

  /** Downloads of the files whose path matches a regular expression; days as for a mirror. */
  async fileStats(pattern: string, start?: string, end?: string): Promise<FileStatsJson> {
    const query = { pattern, start, end };
    return (await this.#transport.ask("GET /stats/files", { query })).answer;
  }

  /** Everything that was counted in some days; `files` at most. */
  async statistics(
    query: {
      readonly from: string;
      readonly to?: string;
      readonly by?: "hour" | "day" | "month";
      readonly files: number;
    },
  ): Promise<StatisticsJson> {
    return (await this.#transport.ask("GET /stats", { query })).answer;
  }

  /** What was downloaded from each mirror, by day or month. */
  async mirrorSeries(
    query: { readonly from: string; readonly to?: string; readonly by: "day" | "month" },
  ): Promise<MirrorSeriesJson> {
    return (await this.#transport.ask("GET /stats/mirrors", { query })).answer;
  }

  /** Removes what was counted longer ago than it is kept, or tells what would be removed. */
  async pruneStats(dryRun: boolean): Promise<PrunedStatsJson> {
    return (await this.#transport.ask("POST /stats/prune", { body: { dryRun } })).answer;
  }

  /** Looks at a server that may become a mirror. */
  async checkUrl(url: string): Promise<CheckedJson> {
    return (await this.#transport.ask("POST /check", { body: { url } })).answer;
  }

  /** Sends a message of each event to a receiver, counted from 1; `null`: to all. */
  async testNotify(receiver: number | null): Promise<NotifyTestJson["messages"]> {
    const { answer } = await this.#transport.ask("POST /notify/test", { body: { receiver } });
    return answer.messages;
  }

  /** The metadata sets, and what mirrors have of them. */
  async sets(): Promise<SetListJson> {
    return (await this.#transport.ask("GET /sets", {})).answer;
  }

  /** Has only the present revision of a set served for a while; 0 minutes: no longer. */
  async requireSet(path: string, minutes: number): Promise<RequiredJson> {
    return (await this.#transport.ask("POST /sets/require", { body: { path, minutes } })).answer;
  }

  /** Forgets a file that left the repository. @returns whether anything was kept of it */
  async forget(path: string): Promise<boolean> {
    return (await this.#transport.ask("POST /source/forget", { body: { path } })).answer.forgotten;
  }

  /** How far a path has reached the mirrors. @param watch whether to note from now on when they get it */
  async rollout(path: string, watch: boolean): Promise<RolloutJson> {
    const { answer } = watch
      ? await this.#transport.ask("POST /rollout/watch", { body: { path } })
      : await this.#transport.ask("GET /rollout", { query: { path } });
    return answer;
  }

  /** What is held back. */
  async holds(): Promise<readonly HoldJson[]> {
    return (await this.#transport.ask("GET /holds", {})).answer.holds;
  }

  /** Holds a path back with all that is below it. @param networks whose clients get it all the same */
  async hold(path: string, networks: readonly string[]): Promise<HoldJson> {
    const body = { path, networks: [...networks] };
    return (await this.#transport.ask("POST /holds", { body })).answer;
  }

  /** Ends that. @returns whether it was held */
  async release(path: string): Promise<boolean> {
    return (await this.#transport.ask("POST /holds/release", { body: { path } })).answer.released;
  }

  /** Makes the daemon read its configuration again. */
  async reload(): Promise<ReloadJson> {
    return (await this.#transport.ask("POST /reload", {})).answer;
  }

  /** Makes the program as it is on the daemon's disk now take over. */
  async upgrade(): Promise<UpgradeJson> {
    return (await this.#transport.ask("POST /upgrade", {})).answer;
  }
}

function tagged(
  { answer, tag }: { readonly answer: MirrorJson; readonly tag: string },
): TaggedMirror {
  return { mirror: answer, tag };
}
