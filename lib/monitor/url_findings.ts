import type { Seen } from "./url_look.ts";

/** How much a finding matters: nothing to do, worth a thought, or to be mended before it can serve. */
export type Weight = "good" | "advice" | "mend";

/** What was found out about a server, in a sentence for its operator. */
export interface UrlFinding {
  readonly weight: Weight;
  readonly text: string;
}

/** What is wrong with one file: alike for all that have the same words. */
interface Problem {
  readonly weight: Weight;
  /** What such files are or do. */
  readonly what: string;
  /** What is behind the name of one of them. */
  readonly detail: string;
}

/** Times over HTTP are in seconds. */
const SECOND = 1000;

/** Whether a file was found. */
export function isThere({ look }: Seen): boolean {
  return look.type === "answer" && look.status === 200;
}

/**
 * What there is to say about the files that a server was asked for.
 *
 * @param tolerance milliseconds that times may differ by
 */
export function fileFindings(seen: readonly Seen[], tolerance: number): UrlFinding[] {
  const one = seen.length === 1;
  const total = `${seen.length} ${one ? "file" : "files"}`;
  const bad = seen.flatMap((one) =>
    problemsOf(one, tolerance).map((problem) => ({ ...problem, path: one.file.path }))
  );
  const findings = [...Map.groupBy(bad, ({ what }) => what).values()].map((alike): UrlFinding => {
    const [{ weight, what, path, detail }] = alike as [typeof alike[number]];
    return { weight, text: `${alike.length} of ${total} ${what}, such as ${path}${detail}` };
  });
  const [lost] = seen.filter(({ look }) => look.type === "answer" && look.status === 404);
  if (lost !== undefined && !seen.some(isThere)) {
    const text = `None of ${total} is there: is it the directory that holds ${lost.file.path}?`;
    return [{ weight: "mend", text }];
  }
  if (findings.length > 0) return findings;
  return [{
    weight: "good",
    text: `${total} ${one ? "is" : "are"} there, with ${
      one ? "its size and time" : "their sizes and times"
    }`,
  }];
}

function problemsOf({ file, look }: Seen, tolerance: number): Problem[] {
  if (look.type === "unreachable") {
    return [{ weight: "mend", what: `could not be asked for (${look.why})`, detail: "" }];
  }
  if (look.type === "redirect") {
    return [{ weight: "mend", what: "lead elsewhere", detail: `: ${look.why}` }];
  }
  const { status, size, modTime } = look;
  if (status === 404) return [{ weight: "advice", what: "are not there", detail: "" }];
  if (status !== 200) {
    return [{ weight: "mend", what: `are answered with status ${status}`, detail: "" }];
  }
  const problems: Problem[] = [];
  if (size === null) {
    problems.push({ weight: "advice", what: "come without a size, or compressed", detail: "" });
  } else if (size !== file.size) {
    const detail = `: ${size} bytes in place of ${file.size}`;
    problems.push({ weight: "mend", what: "have another size", detail });
  }
  if (modTime === null) {
    problems.push({ weight: "advice", what: "come without a time (Last-Modified)", detail: "" });
  } else if (file.modTime !== null && Math.abs(file.modTime - modTime) >= SECOND + tolerance) {
    const detail = `: ${timeText(modTime)} in place of ${timeText(file.modTime)}. ` +
      "Copy times along (rsync -t)";
    problems.push({ weight: "mend", what: "have another time", detail });
  }
  return problems;
}

/** A time for people, in UTC. @param time milliseconds since the epoch */
export function timeText(time: number): string {
  return new Date(time).toISOString().slice(0, 19) + "Z";
}
