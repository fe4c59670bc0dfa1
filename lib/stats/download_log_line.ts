import { logText } from "./log_text.ts";
import type { AnswerFacts } from "./recorder.ts";

/**
 * Writes the line of one answer in the download log. Fields after the path hold no quote followed by
 * ` ip:`, so that the last such place in the line ends the path, whatever the path holds.
 *
 * @param time the time as it is to stand in the line
 * @param facts the answer
 * @returns the line, without a line end
 */
export function downloadLogLine(time: string, facts: AnswerFacts): string {
  const start = `${time} ${facts.type} ${facts.status} ${facts.method} "${
    logText(facts.path)
  }" ip:${facts.address ?? "-"}`;
  const { candidate } = facts;
  if (facts.status >= 500 && facts.error !== "") {
    const name = candidate === null ? "unknown" : logText(candidate.mirror.name);
    return `${start} mirror:${name} error:${logText(facts.error)}`;
  }
  if (candidate === null) return start;
  const { mirror } = candidate;
  const fallback = facts.fallback ? " fallback:true" : "";
  const same = mirror.asNumber > 0 && mirror.asNumber === facts.asNumber ? "same" : "";
  const countries = logText(mirror.countryCodes.join(","));
  return `${start} mirror:${
    logText(mirror.name)
  }${fallback} ${same}asn:${mirror.asNumber} distance:${
    candidate.distance.toFixed(2)
  }km countries:${countries}`;
}
