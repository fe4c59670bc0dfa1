import type {
  AddMirrorJson,
  EventJson,
  FileStatsJson,
  LocationJson,
  MirrorStatsJson,
  UpgradeJson,
} from "./control_routes.ts";
import type { HealthJson } from "./health_service.ts";
import type { MirrorJson } from "./mirror_json.ts";
import type { MirrorFilter } from "./mirror_order.ts";
import type { MirrorSettings } from "./mirror_settings.ts";
import type {
  MirrorScanOutcome,
  MirrorScanRequest,
  ScanObserver,
  SourceScanOutcome,
  SourceScanRequest,
} from "./scan_service.ts";
import {
  type ControlClientOptions,
  ControlTransport,
  type RequestOptions,
} from "./control_transport.ts";
import type { VersionInfo } from "./version_info.ts";

/** Milliseconds that an upgrade may take: the new process has to load everything. */
const UPGRADE_TIMEOUT = 300_000;

/** A mirror, and the entity tag of its settings. */
export interface TaggedMirror {
  readonly mirror: MirrorJson;
  readonly tag: string;
}

/** Talks to a running daemon. Every method throws `ControlClientError`. */
export class ControlClient {
  readonly #transport: ControlTransport;

  constructor(options: ControlClientOptions) {
    this.#transport = new ControlTransport(options);
  }

  /** What the daemon is and runs on. */
  async version(): Promise<VersionInfo> {
    return await this.#json("GET", "/version");
  }

  /** Whether the daemon is ready for requests, and what it works with. */
  async health(): Promise<HealthJson> {
    return await this.#json("GET", "/health", { statuses: [503] });
  }

  /** Lists mirrors, the newest change of state first. */
  async list(filter: MirrorFilter = {}): Promise<MirrorJson[]> {
    const answer = await this.#json<{ mirrors: MirrorJson[] }>("GET", `/mirrors${query(filter)}`);
    return answer.mirrors;
  }

  /** Finds the one mirror that a name, or a part of one, means. */
  async match(name: string): Promise<TaggedMirror> {
    return await this.#tagged("GET", `/mirrors/match${query({ name })}`);
  }

  /** Shows a mirror. */
  async get(id: number): Promise<TaggedMirror> {
    return await this.#tagged("GET", `/mirrors/${id}`);
  }

  /** Adds a mirror. */
  async add(settings: Partial<MirrorSettings>): Promise<AddMirrorJson> {
    return await this.#json("POST", "/mirrors", { body: settings });
  }

  /**
   * Changes settings of a mirror.
   *
   * @param tag of the settings that the change is based on
   */
  async edit(
    id: number,
    changes: Readonly<Record<string, unknown>>,
    tag: string,
  ): Promise<TaggedMirror> {
    return await this.#tagged("PATCH", `/mirrors/${id}`, { body: changes, tag });
  }

  /** Removes a mirror, if its settings are still those with that tag. */
  async remove(id: number, tag: string): Promise<MirrorJson> {
    return await this.#json("DELETE", `/mirrors/${id}`, { tag });
  }

  /** Enables or disables a mirror. */
  async enable(id: number, enabled: boolean): Promise<MirrorJson> {
    return await this.#json("POST", `/mirrors/${id}/${enabled ? "enable" : "disable"}`);
  }

  /** Scans a mirror now; aborting the signal aborts the scan in the daemon. */
  async scanMirror(
    id: number,
    request: MirrorScanRequest,
    observer: ScanObserver,
  ): Promise<MirrorScanOutcome> {
    return await this.#transport.stream(`/mirrors/${id}/scan`, request, observer);
  }

  /** Scans the source repository now; aborting the signal aborts the scan in the daemon. */
  async scanSource(
    request: SourceScanRequest,
    observer: ScanObserver,
  ): Promise<SourceScanOutcome> {
    return await this.#transport.stream("/source/scan", request, observer);
  }

  /** Looks up where a mirror stands now; changes nothing. */
  async location(id: number): Promise<LocationJson> {
    return await this.#json("GET", `/mirrors/${id}/location`);
  }

  /** The newest events of a mirror, oldest first. */
  async events(id: number, limit: number): Promise<EventJson[]> {
    const path = `/mirrors/${id}/events${query({ limit })}`;
    return (await this.#json<{ events: EventJson[] }>("GET", path)).events;
  }

  /** Downloads from a mirror. Days are `YYYY-MM-DD`, both ends included; `undefined`: today. */
  async mirrorStats(id: number, start?: string, end?: string): Promise<MirrorStatsJson> {
    return await this.#json("GET", `/mirrors/${id}/stats${query({ start, end })}`);
  }

  /** Downloads of the files whose path matches a regular expression; days as for a mirror. */
  async fileStats(pattern: string, start?: string, end?: string): Promise<FileStatsJson> {
    return await this.#json("GET", `/stats/files${query({ pattern, start, end })}`);
  }

  /** Makes the daemon read its configuration again. */
  async reload(): Promise<{ readonly warnings: readonly string[] }> {
    return await this.#json("POST", "/reload");
  }

  /** Makes the program as it is on the daemon's disk now take over. */
  async upgrade(): Promise<UpgradeJson> {
    return await this.#json("POST", "/upgrade", { timeout: UPGRADE_TIMEOUT });
  }

  async #tagged(method: string, path: string, options: RequestOptions = {}): Promise<TaggedMirror> {
    const { body, tag } = await this.#transport.send<MirrorJson>(method, path, options);
    return { mirror: body, tag };
  }

  async #json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    return (await this.#transport.send<T>(method, path, options)).body;
  }
}

/** A query of the parameters that have a value. */
function query(parameters: object): string {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== undefined);
  if (pairs.length === 0) return "";
  return `?${new URLSearchParams(pairs.map(([name, value]) => [name, `${value}`]))}`;
}
