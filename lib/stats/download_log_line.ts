import type { Candidate } from "../selection/selection.ts";
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
  return start + mirrorPart(candidate, facts);
}

/** The part about the mirror, as it was written for a candidate that others were sent to as well. */
const mirrorParts = new WeakMap<Candidate, { readonly asNumber: number; readonly text: string }>();

function mirrorPart(candidate: Candidate, { asNumber, fallback }: AnswerFacts): string {
  const known = mirrorParts.get(candidate);
  if (known !== undefined && known.asNumber === asNumber) return known.text;
  const { mirror, distance } = candidate;
  const flag = fallback ? " fallback:true" : "";
  const same = mirror.asNumber > 0 && mirror.asNumber === asNumber ? "same" : "";
  const countries = logText(mirror.countryCodes.join(","));
  const text = ` mirror:${logText(mirror.name)}${flag} ${same}asn:${mirror.asNumber} distance:${
    distance.toFixed(2)
  }km countries:${countries}`;
  mirrorParts.set(candidate, { asNumber, text });
  return text;
}
