import type { Clock } from "../clock/clock.ts";
import type { Predecessor } from "../http/threads/service.ts";
import { LEAVE_TIME } from "../http/threads/leaving_threads.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import type { OwnCommand } from "./own_command.ts";
import { Successor } from "./successor.ts";
import { type RecordedJson, recordedToJson } from "../stats/recorded_json.ts";
import type { RecordedAnswers } from "../stats/recorder.ts";

/** Milliseconds that the new process has until it serves. */
const START_TIME = 30_000;

/** Milliseconds that it has for an answer once it serves. */
const ANSWER_TIME = 5_000;

/** What the running process consists of, as far as another one can take its place. */
export interface ReplaceableProcess {
  /** Lets go of everything that only one process can have, and goes on to answer requests. */
  handOver(): Promise<void>;
  /** Takes everything back, and goes on as if nothing had been. */
  takeBack(): Promise<void>;
  /** Where requests are answered. */
  readonly place: Predecessor | null;
  /** Gives away what was recorded since {@linkcode handOver}, and from now on. */
  bequeath(heir: (recorded: RecordedAnswers) => Promise<void>): void;
  /** Ends each connection with its next answer, and waits until nobody asks any more. */
  leave(most: number): Promise<void>;
  /** Closes the ports, lets running requests finish, and gives away what they recorded. */
  close(): Promise<void>;
}

/** What an upgrade works with. */
export interface UpgradeOptions {
  readonly process: ReplaceableProcess;
  /** Starts the program as its file is now. */
  readonly command: OwnCommand;
  /** Called with the process ID of the new one when that answers requests. */
  readonly serving: (pid: number) => void;
  /** Gives up as long as the new process does not serve, and hurries then. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly clock: Pick<Clock, "after" | "now">;
  /** Milliseconds that the new process has until it serves; default 30 s. */
  readonly startTime?: number;
}

/**
 * Lets a new process of the program take the place of this one. Both serve for a while: this one
 * answers what still comes to it and asks every client to come back on a new connection, which goes to
 * the new one. What it records meanwhile goes to the new one too.
 *
 * @returns the new process when everything is handed over: this one has nothing more to do
 * @throws Error when the new one does not serve in time, or ends too early; then this one goes on
 */
export async function upgrade(
  { process, command, serving, signal, log, clock, startTime = START_TIME }: UpgradeOptions,
): Promise<Pick<Successor, "pid" | "ended">> {
  const successor = new Successor(command, clock);
  const { pid } = successor;
  log.info(`Upgrade: started the new program as process ${pid}`);
  try {
    const started = clock.now();
    const { version } = await successor.reach("prepared", startTime, signal);
    log.debug(`Upgrade: version ${version} is prepared`);
    const left = Math.max(1, startTime - (clock.now() - started));
    await handOver(process, successor, left, signal);
  } catch (error) {
    await successor.kill();
    throw new Error(`The new program did not start, this one goes on: ${messageOf(error)}`, {
      cause: error,
    });
  }
  serving(pid);
  process.bequeath((recorded) => {
    const json: RecordedJson = recordedToJson(recorded);
    return successor.send({ type: "recorded", recorded: json });
  });
  let lost = false;
  await Promise.race([
    process.leave(LEAVE_TIME),
    successor.reach("stopping", 2 * LEAVE_TIME).then(() => {}, () => {}),
    successor.ended.then(() => lost = true),
    aborted(signal),
  ]);
  if (lost) {
    await process.takeBack();
    throw new Error(`The new process ${pid} ended at once, this one goes on`);
  }
  await successor.send({ type: "quiet" });
  await successor.reach("settled", ANSWER_TIME).catch(() => {});
  await process.close();
  await successor.send({ type: "done" });
  await successor.reach("received", ANSWER_TIME).catch((error) =>
    log.warn(`Upgrade: the new process does not answer: ${messageOf(error)}`)
  );
  await successor.release();
  return successor;
}

/** @throws Error when the new process does not get to serve; then everything was taken back */
async function handOver(
  process: ReplaceableProcess,
  successor: Successor,
  patience: number,
  signal: AbortSignal,
): Promise<void> {
  await process.handOver();
  try {
    await successor.send({ type: "yours", predecessor: process.place });
    await successor.reach("serving", patience, signal);
  } catch (error) {
    // What it has taken is free only when it has ended.
    await successor.kill();
    await process.takeBack();
    throw error;
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}
