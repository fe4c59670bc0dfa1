import { InstructionCounter } from "./instruction_counter.ts";

/** What a server did under load. */
export interface Measured {
  /** Requests a second. */
  readonly rate: number;
  /** 99 of 100 answers were there in this many milliseconds. */
  readonly p99: number;
  /** Microseconds of processor time that the server took for a request; `null` when unknown. */
  readonly cpu: number | null;
  /** Instructions outside of the kernel that the server took for a request; `null` when unknown. */
  readonly instructions: number | null;
  /** Answers with another status than 2xx and 3xx, and connections that broke. */
  readonly failed: number;
}

/** Whom to put under load, and how. */
export interface LoadOptions {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** Of the server. */
  readonly pid: number;
  readonly seconds: number;
  /** Number of files to ask for at random. */
  readonly files: number;
  /** Connections; default 64. */
  readonly connections?: number;
}

const SCRIPT = new URL("./requests.lua", import.meta.url).pathname;

/** Milliseconds in wrk's units. */
const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 };

/** Puts a server under load with wrk. */
export async function load(options: LoadOptions): Promise<Measured> {
  const { url, pid, seconds, files, connections = 64 } = options;
  const counter = await InstructionCounter.start(pid);
  const before = processorTime(pid);
  const { stdout, success } = await new Deno.Command("wrk", {
    args: [
      ...["-t1", `-c${connections}`, `-d${seconds}s`, "--latency"],
      ...["-s", SCRIPT, url, "--", `${files}`],
    ],
    stderr: "inherit",
  }).output();
  const after = processorTime(pid);
  const instructions = await counter?.stop() ?? null;
  const text = new TextDecoder().decode(stdout);
  if (!success) throw new Error(`wrk failed: ${text}`);
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);
  const requests = number(/(\d+) requests in/);
  const latency = /99%\s+([\d.]+)(us|ms|s)/.exec(text);
  const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text);
  return {
    rate: number(/Requests\/sec:\s+([\d.]+)/),
    p99: Number(latency?.[1] ?? NaN) * (UNITS[latency?.[2] ?? ""] ?? NaN),
    cpu: before === null || after === null ? null : (after - before) / requests,
    instructions: instructions === null ? null : instructions / requests,
    failed: number(/Non-2xx or 3xx responses: (\d+)/) +
      (broken?.slice(1).reduce((sum, count) => sum + Number(count), 0) ?? 0),
  };
}

/** Processor time of all threads so far in microseconds; the system counts in hundredths of a second. */
function processorTime(pid: number): number | null {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10_000;
  } catch {
    return null;
  }
}

/** Resident memory in megabytes; `null` when unknown. */
export function residentMemory(pid: number): number | null {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  } catch {
    return null;
  }
}
