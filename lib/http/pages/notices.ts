import type { OfferedFile } from "../request/decide.ts";
import type { Result } from "../request/result.ts";
import { rfc3339 } from "../render/rfc3339.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";

/**
 * Says what is out of the ordinary about a mirror list: the file is not known, nobody but the fallbacks
 * serves it, the client's place is not known.
 *
 * @param found what the path stands for
 * @param result what was decided, perhaps without candidates
 * @returns HTML; empty when there is nothing to say
 */
export function renderNotices(found: OfferedFile, result: Result): Html {
  return lines([whatIsGone(result), whoServes(found, result), whoAsks(result)]);
}

function whatIsGone({ gone }: Result): Html {
  if (gone === undefined) return NO_HTML;
  return warning(
    `Gone: ${rfc3339(gone)}`,
    "This file left the repository then. Mirrors that have it as it was still serve it for a while.",
  );
}

function whoServes(found: OfferedFile, { selection }: Result): Html {
  const { candidates, excluded } = selection;
  const fallback = selection.fallback && candidates.length > 0;
  if (found.type === "unindexed") return unknownFile(found, fallback);
  if (fallback) {
    return warning(
      "No mirror can serve this file now",
      `The fallbacks answer. ${whyNone(excluded.length)}`,
    );
  }
  if (candidates.length > 0) return NO_HTML;
  return warning("Nobody can serve this file now", `${whyNone(excluded.length)} Try again later.`);
}

function whyNone(excluded: number): string {
  if (excluded === 0) return "No mirror has the file yet.";
  return excluded === 1
    ? "One mirror has it, and may not serve you: the reason is below."
    : `${excluded} mirrors have it, and none may serve you: the reasons are below.`;
}

function unknownFile(
  { isFile, storeAnswered }: Extract<OfferedFile, { type: "unindexed" }>,
  fallback: boolean,
): Html {
  const until = fallback ? "Until then the fallbacks answer." : "Until then nobody can serve it.";
  if (!storeAnswered) {
    return warning(
      "The index cannot be reached",
      `Which mirrors have this file is not known now. ${until}`,
    );
  }
  if (isFile) {
    return warning(
      "This file has not been scanned yet",
      `It is in the repository; mirrors are listed once the next scan has found it. ${until}`,
    );
  }
  const served = fallback ? "The fallbacks answer for directories." : "";
  return warning("This is a directory", `Mirrors are listed for each file. ${served}`);
}

function whoAsks({ client, selection }: Result): Html {
  if (client?.located || selection.fallback || selection.candidates.length === 0) return NO_HTML;
  return note(
    "Your place is not known",
    "Any of the mirrors may serve you, each with the same chance. Distances and shares cannot be told.",
  );
}

function warning(head: string, text: string): Html {
  return markup`<div class="notice warning" role="alert"><strong>${head}</strong> <p>${text.trim()}</p></div>`;
}

function note(head: string, text: string): Html {
  return markup`<div class="notice" role="note"><strong>${head}</strong> <p>${text}</p></div>`;
}
