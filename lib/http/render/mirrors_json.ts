import type { ListedMirror } from "../request/list_mirrors.ts";
import type { Answer } from "./answer.ts";
import { renderJsonDocument } from "./json_document.ts";
import { directoryUrl } from "./mirrors_text.ts";

/**
 * Renders a list of mirrors as JSON. `Lacking` counts files below the directory, `Behind` seconds; `null`:
 * nobody knows.
 *
 * @param directory decoded path
 * @param listed who serves it, best first
 * @param pretty whether people read it
 */
export function renderMirrorsJson(
  directory: string,
  listed: readonly ListedMirror[],
  pretty: boolean,
): Answer {
  const value = {
    Path: directory,
    Mirrors: listed.map((one) => {
      const { candidate: { mirror }, lacking, behind, fallback } = one;
      return {
        Name: mirror.name,
        URL: directoryUrl(one, directory),
        SponsorName: mirror.sponsorName,
        ContinentCode: mirror.continentCode,
        CountryCodes: mirror.countryCodes.join(" "),
        Lacking: lacking,
        Behind: behind === null ? null : Math.floor(behind / 1000),
        Fallback: fallback,
      };
    }),
  };
  return renderJsonDocument(value, pretty);
}
