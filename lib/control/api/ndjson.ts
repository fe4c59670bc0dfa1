import type { Clock, Timer } from "../../clock/clock.ts";

/** A line of a streamed answer: progress any number of times, then one result or one error. */
export type StreamLine<Result, Progress, Failure> =
  | { readonly type: "progress"; readonly progress: Progress }
  | { readonly type: "result"; readonly result: Result }
  | { readonly type: "error"; readonly error: Failure };

/** Media type of newline-delimited JSON. */
export const NDJSON = "application/x-ndjson";

/** Lines that wait for a client that does not read, at most, besides the outcome. */
const MOST_LINES = 1_000;

/** Milliseconds between two lines of progress, at least. */
const PROGRESS_INTERVAL = 100;

/**
 * Milliseconds between two signs of life: what stands between, such as a proxy or a tunnel, ends
 * connections on which nothing happens for some minutes, and a scan may have nothing to tell for longer.
 */
export const SIGN_INTERVAL = 15_000;

/**
 * Answers with the progress of an operation and its outcome, a line of JSON each, and empty lines as signs
 * of life. The operation is aborted when the client goes away.
 *
 * @param operation what to do
 * @param toError turns what the operation throws into the last line
 * @param clock what the pauses are taken from
 * @param signInterval milliseconds between two signs of life
 */
export function streamResponse<Result, Progress, Failure>(
  operation: (
    observer: { signal: AbortSignal; onProgress: (progress: Progress) => void },
  ) => Promise<Result>,
  toError: (error: unknown) => Failure,
  clock: Pick<Clock, "after" | "every" | "now">,
  signInterval: number = SIGN_INTERVAL,
): Response {
  const aborter = new AbortController();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      let lastProgress = -Infinity;
      const write = (text: string): void => {
        if (!aborter.signal.aborted) controller.enqueue(encoder.encode(`${text}\n`));
      };
      const send = (line: StreamLine<Result, Progress, Failure>): void => {
        write(JSON.stringify(line));
      };
      // A client may stop to read; the outcome is sent all the same.
      const hasRoom = (): boolean => (controller.desiredSize ?? 0) > 0;
      using _signs = clock.every(signInterval, () => hasRoom() && write(""));
      let newest: Progress | null = null;
      let timer = null as Timer | null;
      const sendProgress = (): void => {
        timer?.[Symbol.dispose]();
        timer = null;
        lastProgress = clock.now();
        if (newest !== null && hasRoom()) send({ type: "progress", progress: newest });
        newest = null;
      };
      const onProgress = (progress: Progress): void => {
        newest = progress;
        const wait = PROGRESS_INTERVAL - (clock.now() - lastProgress);
        if (wait <= 0) sendProgress();
        // What is said last may hold for long: a huge file that is read now.
        else timer ??= clock.after(wait, sendProgress);
      };
      try {
        send({ type: "result", result: await operation({ signal: aborter.signal, onProgress }) });
      } catch (error) {
        send({ type: "error", error: toError(error) });
      } finally {
        timer?.[Symbol.dispose]();
      }
      if (!aborter.signal.aborted) controller.close();
    },
    cancel() {
      aborter.abort(new DOMException("The client went away", "AbortError"));
    },
  }, { highWaterMark: MOST_LINES });
  return new Response(body, { headers: { "content-type": NDJSON, "cache-control": "no-store" } });
}

/** Characters of a line at most: more than the longest that is sent, what a thread recorded at once. */
const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * Reads the lines of a stream of JSON documents as they arrive.
 *
 * @param longest characters of a line at most
 * @throws {SyntaxError} when a line is no JSON
 * @throws {RangeError} when a line is longer
 */
export async function* readLines(
  body: ReadableStream<Uint8Array>,
  longest: number = LONGEST_LINE,
): AsyncGenerator<unknown> {
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of body.pipeThrough(new TextDecoderStream() as TextDecoding)) {
    let start = 0;
    for (let end; (end = chunk.indexOf("\n", start)) >= 0; start = end + 1) {
      const line = parts.join("") + chunk.slice(start, end);
      parts = [];
      length = 0;
      if (line !== "") yield JSON.parse(line);
    }
    parts.push(chunk.slice(start));
    length += chunk.length - start;
    if (length > longest) throw new RangeError(`A line is longer than ${longest} characters`);
  }
  const rest = parts.join("");
  if (rest !== "") yield JSON.parse(rest);
}

type TextDecoding = ReadableWritablePair<string, Uint8Array>;
