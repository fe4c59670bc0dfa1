import { COUNTRIES } from "../../geo/countries.ts";
import type { Candidate } from "../../selection/selection.ts";
import { byteSize } from "../../catalog/byte_size.ts";
import { type Html, markup, NO_HTML } from "../render/html.ts";
import type { Result } from "../request/result.ts";
import { renderMirrorName } from "./mirror_name.ts";

/**
 * Renders what most people come for: who serves them, the download, how large it is and how to check it.
 *
 * @param result what was decided, with the candidates by rank
 * @param download URL path that leads to the file
 * @returns HTML; nothing when nobody serves the file
 */
export function renderAnswerCard(result: Result, download: string): Html {
  const { file, selection: { candidates } } = result;
  if (candidates.length === 0) return NO_HTML;
  const known = file.modTime !== null || file.size > 0;
  const size = known ? markup` <span class="muted">${byteSize(file.size)}</span>` : NO_HTML;
  return markup`<section class="card answer" aria-label="The download">
<p class="who">${whoServes(result)}</p>
<p><a class="button" href="${download}">Download the file</a>${size}</p>
${hashLine(result)}
</section>`;
}

function whoServes({ client, selection: { candidates, fallback } }: Result): Html {
  const [first] = candidates;
  const drawn = candidates.filter(({ share }) => share !== null).length;
  const count = candidates.length;
  if (count > 1 && drawn === 0 && !fallback && !client?.located) {
    return markup`<strong>One of ${count} mirrors</strong> will serve you`;
  }
  const one = nameOf(first!, client?.located === true && !fallback);
  return drawn > 1
    ? markup`One of ${drawn} mirrors will serve you, most likely ${one}`
    : markup`${one} will serve you`;
}

/** `**kernel.org** (United States, 1,054 km)`, as far as it is known. */
function nameOf({ mirror, distance }: Candidate, measured: boolean): Html {
  const code = mirror.countryCodes[0];
  const placed = measured && !mirror.global;
  const place = [
    ...(code === undefined ? [] : [COUNTRIES.get(code)?.name ?? code]),
    ...(placed ? [`${Math.round(distance).toLocaleString("en")} km`] : []),
  ];
  const where = place.length === 0 ? NO_HTML : markup` (${place.join(", ")})`;
  return markup`<strong>${renderMirrorName({ ...mirror, sponsorLogoUrl: "" })}</strong>${where}`;
}

function hashLine({ file: { sha256, sha1 } }: Result): Html {
  const [name, hash] = sha256 === "" ? ["SHA-1", sha1] : ["SHA-256", sha256];
  if (hash === "") return NO_HTML;
  return markup`<p class="check"><span class="muted">${name}</span> <code data-copy="${name}">${hash}</code></p>`;
}
