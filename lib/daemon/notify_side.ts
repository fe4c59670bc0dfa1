import type { SourceScanResult } from "../catalog/scan_result.ts";
import type { Clock } from "../clock/clock.ts";
import type { Config } from "../config/config.ts";
import type { NotifyTestJson } from "../control/api/notify_schemas.ts";
import type { Log } from "../log/log.ts";
import type { ClusterMembership } from "../monitor/cluster.ts";
import type { MonitorHttpClient } from "../monitor/http_client.ts";
import type { QuotaUse } from "../stats/quota_watch.ts";
import type { Store } from "../store/store.ts";
import { ScanError } from "../catalog/scan_error.ts";
import { type AnswerCount, FallbackShare } from "../notify/fallback_share.ts";
import { Notifier } from "../notify/notifier.ts";
import { certificateConcerns, quotaConcerns } from "../notify/mirror_concerns.ts";
import { nameReceivers } from "../notify/receivers.ts";
import { Sender } from "../notify/sender.ts";
import { SourceWatch } from "../notify/source_watch.ts";
import { testReceivers } from "../notify/test_receivers.ts";

/** What a {@linkcode NotifySide} works with. */
export interface NotifySideOptions {
  readonly store: Store;
  /** The configuration in force now. */
  readonly config: () => Config;
  /** The other nodes; `null`: there are none. */
  readonly cluster: ClusterMembership | null;
  /** Name of this machine. */
  readonly hostname: string;
  /** Where programs are that are told something: a list of directories. */
  readonly path: string;
  /** What mirrors have used of their quotas; `null`: nobody knows yet. */
  readonly quotas: () => readonly QuotaUse[] | null;
  /** Speaks HTTP, through no proxy; closed with this. */
  readonly client: MonitorHttpClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends tests of receivers. */
  readonly signal: AbortSignal;
}

/** Everything about messages that one control side has. */
export class NotifySide implements Disposable {
  readonly #options: NotifySideOptions;
  readonly #sender: Sender;
  readonly #source: SourceWatch;
  readonly #fallbacks: FallbackShare;
  readonly #notifier: Notifier;

  constructor(options: NotifySideOptions) {
    this.#options = options;
    const { config, hostname: machine, client, clock } = options;
    const common = { config, machine, now: clock.now };
    this.#source = new SourceWatch(common);
    this.#fallbacks = new FallbackShare(common);
    const { certificates } = client;
    this.#sender = new Sender({ ...options, certificates, fetch: client.fetch });
    this.#notifier = new Notifier({
      ...options,
      sender: this.#sender,
      ofMirror: [
        certificateConcerns,
        (mirror, now) => quotaConcerns(mirror, options.quotas(), now),
      ],
      ofNode: [
        (_, now) => this.#source.concerns(now),
        (_, now) => this.#fallbacks.concerns(now),
      ],
    });
  }

  /** Tells what happens until the signal is aborted. */
  run(signal: AbortSignal): Promise<void> {
    return this.#notifier.run(signal);
  }

  /** Counts answers that were just given. */
  answered(count: AnswerCount): void {
    this.#fallbacks.add(count);
  }

  /** Takes note of how a scan of the source ends. */
  async watchSource(scan: () => Promise<SourceScanResult>): Promise<SourceScanResult> {
    try {
      const result = await scan();
      this.#source.scanned();
      return result;
    } catch (error) {
      if (error instanceof ScanError && error.reason === "repository") {
        this.#source.refused(error.message);
      }
      throw error;
    }
  }

  /** Sends one of each event to a receiver, or to all. @returns `null` when there is no such receiver */
  async test(number: number | null): Promise<NotifyTestJson | null> {
    const { config, cluster, hostname, clock, signal } = this.#options;
    const all = nameReceivers(config().notify);
    const receivers = number === null ? all : all.filter((one) => one.number === number);
    if (number !== null && receivers.length === 0) return null;
    const messages = await testReceivers({
      ...{ receivers, sender: this.#sender, node: cluster?.self ?? hostname, signal },
      now: clock.now(),
      newId: () => crypto.randomUUID(),
    });
    return { messages };
  }

  /** Closes the HTTP client. */
  [Symbol.dispose](): void {
    this.#options.client[Symbol.dispose]();
  }
}
