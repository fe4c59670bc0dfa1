import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Clock } from "../clock/clock.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import type { ClusterMembership } from "../monitor/cluster.ts";
import { MirrorTable } from "../monitor/mirror_table.ts";
import { mirrorsOfNode } from "../monitor/mirrors_of_node.ts";
import { ProblemLog } from "../monitor/problem_log.ts";
import type { Store } from "../store/store.ts";
import type { Concern, ConcernFinder } from "./concern.ts";
import { digestChange, digestDue } from "./digest.ts";
import { downConcern, staleConcern } from "./mirror_concerns.ts";
import { newsFor } from "./news.ts";
import { Outbox } from "./outbox.ts";
import { type NamedReceiver, nameReceivers, receiverText } from "./receivers.ts";
import type { Sender } from "./sender.ts";
import { oldAdminKeys, Teller } from "./teller.ts";

/** What a {@linkcode Notifier} works with. */
export interface NotifierOptions {
  readonly store: Pick<
    Store,
    "available" | "events" | "lock" | "messages" | "mirror" | "mirrors" | "watch"
  >;
  /** The configuration that is in force now. */
  readonly config: () => Pick<Config, "checkInterval" | "notify" | "staleAfter">;
  /** The other nodes; `null`: there are none. */
  readonly cluster: Pick<ClusterMembership, "nodes" | "self" | "settled"> | null;
  /** Name of this machine. */
  readonly hostname: string;
  /** Finds what is wrong with a mirror, beside that it is down or stale. */
  readonly ofMirror: readonly ConcernFinder<MirrorRecord>[];
  /** Finds what is wrong with this node. */
  readonly ofNode: readonly ConcernFinder[];
  readonly sender: Pick<Sender, "send">;
  readonly clock: Pick<Clock, "after" | "delay" | "elapsed" | "now">;
  readonly log: Log;
  /** Milliseconds between two looks; default 1 000. */
  readonly interval?: number;
}

/** Milliseconds between two looks at what is wrong. */
const TICK = 1_000;

/** Milliseconds between two announcements of this node. */
const ANNOUNCE_INTERVAL = 3_000;

/** Milliseconds after which a node that has not announced itself sends no messages: it may have just begun. */
const SILENCE = 3 * ANNOUNCE_INTERVAL;

/** Milliseconds after which everything is read again, in case something was missed. */
const RELOAD = 60_000;

/** Milliseconds between two looks at what is remembered in vain. */
const SWEEP = 3_600_000;

/**
 * Tells people and programs what happens. It looks at the same state that everybody sees, and at what
 * was told, which the store keeps: so nothing is lost with a process, and nothing is told twice. It runs
 * beside the monitor, which never waits for it.
 */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #table: MirrorTable;
  readonly #teller: Teller;
  readonly #outbox: Outbox;
  readonly #problems: ProblemLog;
  /** Names of receivers for which as many messages wait as there is room for. */
  readonly #full = new Set<string>();
  #told: Map<string, string> | null = null;
  #reloaded = -Infinity;
  #announced = -Infinity;
  #swept: number;
  readonly #started: number;
  /** Names of the nodes that send messages, sorted. */
  #ours: readonly string[];
  /** Since when nodes are known that have not announced themselves. */
  #unheard = new Map<string, number>();

  constructor(options: NotifierOptions) {
    this.#options = options;
    const { store, clock, log } = options;
    this.#table = new MirrorTable(store);
    this.#teller = new Teller({ store, node: this.#node, now: clock.now, log });
    this.#outbox = new Outbox(options);
    this.#problems = new ProblemLog(log);
    this.#started = this.#swept = clock.now();
    this.#ours = [this.#node];
  }

  /** Tells what happens until the signal is aborted; ends when nothing is being sent any more. */
  async run(signal: AbortSignal): Promise<void> {
    await using _outbox = this.#outbox;
    this.#options.store.watch((change) => {
      this.#table.note(change);
      if (change.type === "availability" || change.type === "missed") this.#told = null;
    }, signal);
    const { clock, interval = TICK } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#look();
        this.#problems.solved("messages");
      } catch (error) {
        this.#told = null;
        if (!signal.aborted) this.#problems.add("messages", "Cannot look after messages", error);
      }
      await clock.delay(interval, signal);
    }
  }

  get #node(): string {
    return this.#options.cluster?.self ?? this.#options.hostname;
  }

  async #look(): Promise<void> {
    const { store, config, cluster } = this.#options;
    const receivers = nameReceivers(config().notify);
    if (receivers.length === 0 || !store.available) return;
    if (cluster !== null && !cluster.settled) return;
    await this.#refresh();
    const mirrors = this.#mine();
    const concerns = this.#concernsOf(mirrors);
    for (const named of receivers) {
      const room = await this.#outbox.room(
        named.name,
        this.#node,
        receivers.length * this.#ours.length,
      );
      await this.#tell(named, room, mirrors, concerns);
    }
    if (this.#isFirst) {
      for (const named of receivers) await this.#summarise(named);
      await this.#sweep(receivers);
    }
    await this.#outbox.deliver(
      receivers,
      (node) => node === this.#node || (this.#isFirst && !this.#ours.includes(node)),
    );
  }

  async #refresh(): Promise<void> {
    const { store, clock, cluster } = this.#options;
    const now = clock.now();
    if (Math.abs(now - this.#announced) >= ANNOUNCE_INTERVAL && cluster !== null) {
      this.#ours = await store.messages.announce(this.#node);
      this.#announced = now;
    }
    if (Math.abs(now - this.#reloaded) >= RELOAD) {
      this.#table.invalidate();
      this.#told = null;
      this.#reloaded = now;
    }
    await this.#table.refresh();
    this.#told ??= await store.messages.told();
  }

  get #isFirst(): boolean {
    return this.#ours[0] === this.#node;
  }

  /** The mirrors that this node tells about: its own, and the first node those of nodes that do not. */
  #mine(): MirrorRecord[] {
    const { cluster } = this.#options;
    const mirrors = [...this.#table.all()];
    if (cluster === null) return mirrors;
    const ids = mirrors.map(({ id }) => id);
    const nodes = cluster.nodes();
    const silent = this.#silent(nodes);
    const mine = new Set(
      [this.#node, ...silent].flatMap((node) => [...mirrorsOfNode(ids, nodes, node)]),
    );
    return mirrors.filter(({ id }) => mine.has(id));
  }

  /** The nodes that send no messages, as one of the original does, if they are this node's business. */
  #silent(nodes: readonly string[]): readonly string[] {
    const now = this.#options.clock.elapsed();
    const unheard = nodes.filter((node) => !this.#ours.includes(node));
    this.#unheard = new Map(unheard.map((node) => [node, this.#unheard.get(node) ?? now]));
    if (!this.#isFirst) return [];
    return unheard.filter((node) => now - this.#unheard.get(node)! >= SILENCE);
  }

  #concernsOf(mirrors: readonly MirrorRecord[]): Concern[] {
    const { clock, config, ofMirror, ofNode } = this.#options;
    const now = clock.now();
    const { staleAfter } = config();
    return [
      ...mirrors.flatMap((mirror) => [
        ...this.#down(mirror, now),
        ...[staleConcern(mirror, staleAfter, now)].filter((one) => one !== null),
        ...ofMirror.flatMap((find) => find(mirror, now)),
      ]),
      ...ofNode.flatMap((find) => find(undefined, now)),
    ];
  }

  /** What was seen before this process was there is looked at once more before it is told. */
  #down(mirror: MirrorRecord, now: number): Concern[] {
    const concern = downConcern(mirror);
    if (concern === null) return [];
    const checked = this.#started + (this.#options.config().checkInterval + 1) * 60_000;
    const held = concern.since < this.#started && now >= this.#started && now < checked;
    return [{ ...concern, held }];
  }

  /** Tells as much as there is room for; the rest is told when there is. */
  async #tell(
    named: NamedReceiver,
    room: number,
    mirrors: readonly MirrorRecord[],
    concerns: readonly Concern[],
  ): Promise<void> {
    const { store, hostname: machine, clock } = this.#options;
    const told = this.#told!;
    const { news, quiet } = newsFor(named, { mirrors, concerns, machine, told, now: clock.now() });
    if (quiet.size > 0) {
      await store.messages.change({ told: quiet });
      remember(told, quiet);
    }
    const most = Math.max(0, Math.floor(room / messagesOf(named)));
    this.#warnOfRest(named, news.length > most);
    for (const one of news.slice(0, most)) {
      const mirror = mirrors.find(({ id }) => id === one.subject) ?? null;
      const known = await this.#teller.tell(named, one, mirror, told);
      if (known === null) {
        this.#told = null;
        this.#told = await store.messages.told();
        return;
      }
      remember(told, known);
      this.#outbox.invalidate();
    }
  }

  /** Says once that there is no room for more. */
  #warnOfRest(named: NamedReceiver, rest: boolean): void {
    if (rest === this.#full.has(named.name)) return;
    if (!rest) return void this.#full.delete(named.name);
    this.#full.add(named.name);
    this.#options.log.warn(
      `Messages: as many as may wait for ${receiverText(named)}; more is told when some are gone`,
    );
  }

  async #summarise(named: NamedReceiver): Promise<void> {
    const { store, clock } = this.#options;
    const [told, now] = [this.#told!, clock.now()];
    if (!digestDue(named, { told, now })) return;
    const mirrors = [...this.#table.all()];
    const concerns = this.#concernsOf(mirrors).filter(({ reason }) => reason !== "");
    const waiting = await store.messages.waiting();
    const facts = { waiting, mirrors, concerns, told, node: this.#node, now };
    const change = digestChange(named, facts);
    const dropped = await store.messages.change(change);
    this.#teller.tellDropped(dropped?.length ?? 0);
    this.#told = await store.messages.told();
    this.#outbox.invalidate();
  }

  /** Forgets what was told of mirrors that are gone, and to whom nothing is told any more. */
  async #sweep(receivers: readonly NamedReceiver[]): Promise<void> {
    const { store, clock } = this.#options;
    const now = clock.now();
    if (Math.abs(now - this.#swept) < SWEEP) return;
    this.#swept = now;
    const ids = new Set(Array.from(this.#table.ids(), String));
    const names = new Set(receivers.map(({ name }) => name));
    const told = await store.messages.told();
    const gone = [...told.keys()].filter((key) => {
      const [name = "", what = "", subject = ""] = key.split(" ");
      const ofMirror = !["digest", "source", "fallback"].includes(what);
      return !names.has(name) || (ofMirror && !ids.has(subject));
    });
    const old = [...gone, ...oldAdminKeys(told, now)];
    if (old.length > 0) {
      await store.messages.change({ told: new Map(old.map((key) => [key, null])) });
    }
    this.#told = null;
    this.#told = await store.messages.told();
  }
}

/** How many messages one event makes at most. */
function messagesOf({ receiver }: NamedReceiver): number {
  return receiver.to === "mail" && receiver.mirrors && receiver.recipients.length > 0 ? 2 : 1;
}

function remember(told: Map<string, string>, known: ReadonlyMap<string, string | null>): void {
  for (const [key, value] of known) {
    if (value === null) told.delete(key);
    else told.set(key, value);
  }
}
