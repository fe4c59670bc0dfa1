import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { logText, quotedLogText } from "./log_text.ts";
import type { AnswerFacts } from "./recorder.ts";

type Named = NonNullable<AnswerFacts["candidate"]>;

/**
 * Writes the line of one answer in the download log. The path holds no quote, so that the second one in
 * the line ends it, whatever was asked for.
 *
 * @param time the time as it is to stand in the line
 * @param facts the answer
 * @param address what the line says of the client; `null`: nothing. Default: its address
 * @returns the line, without a line end
 */
export function downloadLogLine(
  time: string,
  facts: AnswerFacts,
  address: string | null = facts.address,
): string {
  const start = `${time} ${facts.type} ${facts.status} ${facts.method} "${
    quotedLogText(facts.path)
  }" ip:${address ?? "-"}`;
  const { candidate } = facts;
  if (facts.status >= 500 && facts.error !== "") {
    const name = candidate === null ? "unknown" : logText(candidate.mirror.name);
    return `${start} mirror:${name} error:${logText(facts.error)}`;
  }
  if (candidate === null) return start;
  return start + mirrorPart(candidate, facts);
}

/** What the lines say of a mirror whoever asks, as it was written for another answer. */
const mirrorTexts = new WeakMap<MirrorRecord, MirrorTexts>();

interface MirrorTexts {
  readonly name: string;
  /** From the AS number on. */
  readonly network: string;
  /** From the unit of the distance on. */
  readonly countries: string;
}

function mirrorPart({ mirror, distance }: Named, { asNumber, fallback }: AnswerFacts): string {
  let texts = mirrorTexts.get(mirror);
  if (texts === undefined) {
    texts = {
      name: ` mirror:${logText(mirror.name)}`,
      network: `asn:${mirror.asNumber} distance:`,
      countries: `km countries:${logText(mirror.countryCodes.join(","))}`,
    };
    mirrorTexts.set(mirror, texts);
  }
  const flag = fallback ? " fallback:true" : "";
  const same = mirror.asNumber > 0 && mirror.asNumber === asNumber ? " same" : " ";
  return texts.name + flag + same + texts.network + hundredths(distance) + texts.countries;
}

const TWO_DIGITS = Array.from(
  { length: 100 },
  (_, number) => `.${String(number).padStart(2, "0")}`,
);

/** Writes a number that is not negative with two digits after the point, in less time than `toFixed()`. */
function hundredths(value: number): string {
  const count = Math.round(value * 100);
  return Math.floor(count / 100) + TWO_DIGITS[count % 100]!;
}
