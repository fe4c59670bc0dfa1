import { systemClock } from "./system_clock.ts";
import type { Config } from "../config/config.ts";
import type { UpgradeJson } from "../control/api/daemon_schemas.ts";
import type { ControlPort } from "./control_port.ts";
import type { MetricsPort } from "./metrics_port.ts";
import type { DaemonOptions } from "./options.ts";
import type { Predecessor } from "../http/threads/service.ts";
import type { Succession } from "../http/threads/succession.ts";
import { BALANCED } from "./workers.ts";
import { neededPermissions } from "./needed_permissions.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import { type OwnCommand, ownCommand } from "../upgrade/own_command.ts";
import { PredecessorProcess } from "../upgrade/predecessor.ts";
import type { Successor } from "../upgrade/successor.ts";
import type { Service } from "./service.ts";
import type { DownloadLogPlace } from "../stats/download_log_place.ts";
import { recordedFromJson } from "../stats/recorded_json.ts";
import { type ReplaceableProcess, upgrade } from "../upgrade/upgrade.ts";
import { VERSION } from "../version.ts";

/** What a {@linkcode Handover} works with. */
export interface HandoverOptions {
  /** What the command line says. */
  readonly options: DaemonOptions;
  /** Variables of the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** The program that an upgrade starts. */
  readonly executable: string;
  /** Reads the configuration as it is now. */
  readonly readConfig: () => Promise<{ readonly config: Config }>;
  /** What answers requests now. */
  readonly service: () => Service;
  readonly control: ControlPort;
  readonly metrics: MetricsPort;
  readonly downloadLog: DownloadLogPlace;
  /** Says that this process is the daemon. */
  readonly writePidFile: () => void;
  /** Makes one change of the daemon at a time. */
  readonly exclusively: <T>(change: () => Promise<T>) => Promise<T>;
  /** Called when another process has everything. */
  readonly replaced: (by: Pick<Successor, "pid" | "ended">) => Promise<void>;
  /** Called when this process can do nothing more. */
  readonly lost: (error: unknown) => void;
  /** Aborted when the daemon stops. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Both ends of a seamless upgrade: how this process follows another one, and how another follows it. */
export class Handover {
  readonly #options: HandoverOptions;
  /** The process that this one replaces, until it has ended. */
  #predecessor: PredecessorProcess | null;
  #inheriting: Promise<void> = Promise.resolve();
  #upgrading = false;

  /** Finds out whether there is a process to replace. */
  constructor(options: HandoverOptions) {
    this.#options = options;
    this.#predecessor = PredecessorProcess.find(options.environment);
  }

  /** Whether this process replaces another one that is still there. */
  get isSuccessor(): boolean {
    return this.#predecessor !== null;
  }

  /**
   * Waits until the process before this one lets go of what only one can have. The control API's port
   * is open before: requests that come to it wait, and there is no moment at which none could come.
   *
   * @returns where requests are answered; `null`: nowhere
   */
  async take(
    { rpcListenAddress, metricsListenAddress }: Pick<
      Config,
      "rpcListenAddress" | "metricsListenAddress"
    >,
  ): Promise<Predecessor | null> {
    if (this.#predecessor === null) return null;
    await this.#options.control.listen(rpcListenAddress, true);
    await this.#options.metrics.listen(metricsListenAddress, true);
    return await this.#predecessor.handOver(VERSION);
  }

  /** Takes in, in the background, what the process before this one still records until it ends. */
  inherit(succession: Succession | null): void {
    const predecessor = this.#predecessor;
    if (predecessor !== null) this.#inheriting = this.#inherit(predecessor, succession);
  }

  /** Resolves when the process before this one has ended, or there was none. */
  async settled(): Promise<void> {
    await this.#inheriting;
  }

  /** Tells the process before this one that this one stops. */
  stopping(): void {
    void this.#predecessor?.stopping();
  }

  /** Tells the process before this one why this one does not start. */
  async failed(message: string): Promise<void> {
    await this.#predecessor?.failed(message);
  }

  /**
   * Lets the program as it is on disk now take the place of this process.
   *
   * @returns when that answers requests; this process ends soon after
   * @throws Error when that is not possible; then nothing changed
   */
  async upgrade(): Promise<UpgradeJson> {
    const serving = Promise.withResolvers<number>();
    this.#replace(serving.resolve).catch((error) => {
      this.#options.log.error(`Upgrade: ${messageOf(error)}`);
      serving.reject(error);
    });
    return { pid: await serving.promise };
  }

  async #inherit(predecessor: PredecessorProcess, succession: Succession | null): Promise<void> {
    const { service, log } = this.#options;
    const inGoodOrder = await predecessor.inherit(Deno.pid, {
      recorded: (recorded) => service().record(recordedFromJson(recorded)),
      quiet: async () => await succession?.settle(),
    });
    await succession?.end();
    this.#predecessor = null;
    if (inGoodOrder) log.info("Upgrade: the process before this one has handed over all it had");
    else log.warn("Upgrade: the process before this one ended before its time");
  }

  async #replace(serving: (pid: number) => void): Promise<void> {
    const { exclusively, replaced, signal, log } = this.#options;
    if (this.#upgrading) throw new Error("An upgrade is under way already");
    if (Deno.pid === 1) {
      throw new Error("This is the first process of a container, which ends with it: replace that");
    }
    if (!BALANCED) {
      throw new Error(
        "Two processes cannot share an address here: that takes Linux, and Deno with --unstable-net",
      );
    }
    this.#upgrading = true;
    try {
      await exclusively(async () => {
        await this.#inheriting;
        const process = this.#replaceable();
        const command = await this.#ownCommand();
        const successor = await upgrade({
          ...{ process, command, serving, signal, log },
          clock: systemClock,
        });
        log.info(`Upgrade: process ${successor.pid} has taken over, this one ends`);
        await replaced(successor);
      });
    } finally {
      this.#upgrading = false;
    }
  }

  /** The command is made for the configuration that the new program will find. */
  async #ownCommand(): Promise<OwnCommand> {
    const { options, environment, executable, readConfig, service } = this.#options;
    const { config } = await readConfig();
    const anywhere = Deno.permissions.querySync({ name: "net" }).state === "granted";
    const mirrorHosts = anywhere ? null : await service().mirrorHosts();
    const facts = { config, options, environment, executable, mirrorHosts };
    return ownCommand(executable, await neededPermissions(facts), Deno.args);
  }

  #replaceable(): ReplaceableProcess {
    const { control, metrics, downloadLog, writePidFile, lost } = this.#options;
    const service = this.#options.service();
    const { logDir, rpcListenAddress, metricsListenAddress } = service.config;
    return {
      place: service.place,
      handOver: async () => {
        control.close();
        metrics.close();
        await service.suspend();
        await downloadLog.move(null);
      },
      takeBack: async () => {
        try {
          await downloadLog.move(logDir);
          await service.resume();
          await control.listen(rpcListenAddress, true);
          await metrics.listen(metricsListenAddress, true);
          control.answer(service.app!);
          writePidFile();
        } catch (error) {
          // Without its store it is of little use; a supervisor starts it again.
          lost(error);
          throw error;
        }
      },
      bequeath: (heir) => service.bequeath(heir),
      leave: (most) => service.leave(most),
      close: () => service[Symbol.asyncDispose](),
    };
  }
}
