import type { Candidate } from "../../selection/selection.ts";
import { type Html, markup, NO_HTML } from "../render/html.ts";
import type { Result } from "../request/result.ts";
import { renderMirrorName } from "./mirror_name.ts";
import type { MessageKey } from "./words/en.ts";
import type { Words } from "./words/words.ts";

/** What is known of an answer that is shown. */
export interface ShownAnswer {
  /** URL path that leads to the file. */
  readonly download: string;
  /** Whether it is the answer for an address that is not the reader's. */
  readonly elsewhere: boolean;
}

/**
 * Renders what most people come for: who serves them, the download, how large it is and how to check it.
 *
 * @param words of the language
 * @param result what was decided, with the candidates by rank
 * @param shown where the file is, and for whom it is
 * @returns HTML; nothing when nobody serves the file
 */
export function renderAnswerCard(
  words: Words,
  result: Result,
  { download, elsewhere }: ShownAnswer,
): Html {
  const { file, selection: { candidates } } = result;
  if (candidates.length === 0) return NO_HTML;
  const known = file.modTime !== null || file.size > 0;
  const size = known ? markup` <span class="muted">${words.size(file.size)}</span>` : NO_HTML;
  return markup`<section class="card answer" aria-label="${words.text("answer.label")}">
<p class="who">${whoServes(words, result, elsewhere)}</p>
<p><a class="button" href="${download}">${words.text("answer.download")}</a>${size}</p>
${hashLine(words, result)}
</section>`;
}

function whoServes(words: Words, result: Result, elsewhere: boolean): Html {
  const { client, selection: { candidates, fallback, own } } = result;
  if (own === true) return words.html("answer.here");
  const [first] = candidates;
  const drawn = candidates.filter(({ share }) => share !== null).length;
  const anyOf = candidates.length > 1 && drawn === 0 && !fallback && !client?.located;
  const key: MessageKey = anyOf ? "answer.any" : drawn > 1 ? "answer.most" : "answer.one";
  return words.html(elsewhere ? `${key}.elsewhere` : key, {
    place: elsewhere ? clientPlace(words, result) : "",
    count: anyOf ? candidates.length : drawn,
    mirror: nameOf(words, first!, client?.located === true && !fallback),
  });
}

/** `**kernel.org** (United States, 1,054 km)`, as far as it is known. */
function nameOf(words: Words, { mirror, distance }: Candidate, measured: boolean): Html {
  const code = mirror.countryCodes[0];
  const placed = measured && !mirror.global;
  const place = [
    ...(code === undefined ? [] : [words.country(code)]),
    ...(placed ? [words.distance(distance)] : []),
  ];
  const where = place.length === 0 ? NO_HTML : markup` (${words.joined(place)})`;
  const name = renderMirrorName(words, { ...mirror, sponsorLogoUrl: "" });
  return markup`<strong>${name}</strong>${where}`;
}

function hashLine(words: Words, { file: { sha256, sha1 } }: Result): Html {
  const [name, hash] = sha256 === "" ? ["SHA-1", sha1] : ["SHA-256", sha256];
  if (hash === "") return NO_HTML;
  const copy = words.text("copy.this", { name });
  return markup`<p class="check"><span class="muted">${name}</span> <code data-copy="${copy}">${hash}</code></p>`;
}

/**
 * Says where the client is, as closely as it is known.
 *
 * @param words of the language
 * @param result for whom it was decided
 * @returns `London, United Kingdom`; the address when the place is not known
 */
function clientPlace(words: Words, { address, client }: Result): string {
  const country = client?.countryCode ? words.country(client.countryCode) : client?.country ?? "";
  const place = words.joined([client?.city ?? "", country].filter((name) => name !== ""));
  return place || address || words.text("unknown");
}
