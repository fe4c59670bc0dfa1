import type { Clock, Timer } from "../../clock/clock.ts";
import type { Sending } from "../request/own_share.ts";
import type { OpenFile } from "../request/repository.ts";
import type { Body } from "./answer.ts";

/** Milliseconds after which a reader that takes nothing is given up. */
const PATIENCE = 30_000;

/** What {@linkcode fileStream} sends. */
export interface FileStreamOptions {
  /** At the first byte that is sent; closed when the stream ends. */
  readonly file: OpenFile;
  /** Bytes that are sent, at least one. */
  readonly length: number;
  /** Given back when the stream ends. */
  readonly sending: Sending;
  readonly clock: Pick<Clock, "after" | "elapsed">;
  /** Told what broke it off, in words. */
  readonly broken: (reason: string) => void;
  /** Ends the connection of a reader that takes nothing. */
  readonly cut: () => void;
}

/**
 * Sends a part of a file, as fast as it is taken. What ends too early, or cannot be read, ends the connection:
 * it is never filled up. A reader that takes nothing has its connection cut; until that is gone, it keeps its
 * place: what it was sent fills the system's memory.
 *
 * @returns reads nothing before somebody asks for it, and no more than is asked for
 */
export function fileStream(
  { file, length, sending, clock, broken, cut }: FileStreamOptions,
): Extract<Body, ReadableStream> {
  let left = length;
  let open = true;
  let timer: Timer | null = null;
  let asked = clock.elapsed();
  let busy = false;
  const end = (): void => {
    if (!open) return;
    open = false;
    timer?.[Symbol.dispose]();
    sending[Symbol.dispose]();
    file[Symbol.dispose]();
  };
  const watch = (time: number): void => {
    timer = clock.after(time, () => {
      const idle = busy ? 0 : clock.elapsed() - asked;
      if (idle < PATIENCE) return watch(PATIENCE - idle);
      broken(`The reader took nothing for ${Math.round(idle / 1000)} s`);
      cut();
      watch(PATIENCE);
    });
  };
  const send = async (controller: ReadableStreamDefaultController): Promise<void> => {
    const bytes = Math.min(left, sending.part);
    await sending.next(bytes);
    if (!open) return;
    const buffer = new Uint8Array(bytes);
    const count = await file.read(buffer);
    if (!open) return;
    if (count === null) throw new Error(`It ended ${left} bytes too early`);
    left -= count;
    controller.enqueue(buffer.subarray(0, count));
    if (left > 0) return;
    end();
    controller.close();
  };
  return new ReadableStream({
    start: () => watch(PATIENCE),
    async pull(controller) {
      busy = true;
      try {
        await send(controller);
      } catch (error) {
        if (!open) return;
        broken(error instanceof Error ? error.message : String(error));
        end();
        // The runtime misses the rest and ends the connection; of an error it would print a stack.
        controller.close();
      } finally {
        busy = false;
        asked = clock.elapsed();
      }
    },
    cancel: end,
  }, { highWaterMark: 0 });
}
