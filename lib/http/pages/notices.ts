import type { OfferedFile } from "../request/decide.ts";
import type { Result } from "../request/result.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";
import type { Words } from "./words/words.ts";

/**
 * Says what is out of the ordinary about a mirror list: the file is not known, nobody but the fallbacks
 * serves it, the client's place is not known.
 *
 * @param words of the language
 * @param found what the path stands for
 * @param result what was decided, perhaps without candidates
 * @returns HTML; empty when there is nothing to say
 */
export function renderNotices(words: Words, found: OfferedFile, result: Result): Html {
  return lines([
    whatIsGone(words, result),
    whoServes(words, found, result),
    whoAsks(words, result),
  ]);
}

function whatIsGone(words: Words, { gone }: Result): Html {
  if (gone === undefined) return NO_HTML;
  return warning(words.text("notice.gone", { time: words.time(gone) }), [
    words.text("notice.gone.text"),
  ]);
}

function whoServes(words: Words, found: OfferedFile, { selection }: Result): Html {
  const { candidates, excluded } = selection;
  const fallback = selection.fallback && candidates.length > 0;
  const own = selection.own === true;
  if (found.type === "unindexed") return unknownFile(words, found, fallback, own);
  if (fallback) {
    return warning(words.text("notice.fallback"), [
      words.text("notice.fallback.text"),
      whyNone(words, excluded.length),
    ]);
  }
  if (own && candidates.length === 1) {
    return warning(words.text("notice.fallback"), [
      words.text("notice.here.text"),
      whyNone(words, excluded.length),
    ]);
  }
  if (candidates.length > 0) return NO_HTML;
  return warning(words.text("notice.nobody"), [
    whyNone(words, excluded.length),
    words.text("notice.nobody.text"),
  ]);
}

function whyNone(words: Words, excluded: number): string {
  return excluded === 0
    ? words.text("notice.nobody.no_mirror")
    : words.text("notice.nobody.excluded", { count: excluded });
}

function unknownFile(
  words: Words,
  { isFile, storeAnswered }: Extract<OfferedFile, { type: "unindexed" }>,
  fallback: boolean,
  own: boolean,
): Html {
  const who = own ? "here" : fallback ? "fallback" : "nobody";
  const until = words.text(`notice.until.${who}`);
  if (!storeAnswered) {
    return warning(words.text("notice.store"), [words.text("notice.store.text"), until]);
  }
  if (isFile) {
    return warning(words.text("notice.unscanned"), [words.text("notice.unscanned.text"), until]);
  }
  return warning(words.text("notice.directory"), [
    words.text("notice.directory.text"),
    fallback ? words.text("notice.directory.fallback") : "",
  ]);
}

function whoAsks(words: Words, { client, selection }: Result): Html {
  if (client?.located || selection.fallback || selection.candidates.length === 0) return NO_HTML;
  return markup`<div class="notice" role="note"><strong>${words.text("notice.place")}</strong> <p>${
    words.text("notice.place.text")
  }</p></div>`;
}

function warning(head: string, sentences: readonly string[]): Html {
  const text = sentences.filter((sentence) => sentence !== "").join(" ");
  return markup`<div class="notice warning" role="alert"><strong>${head}</strong> <p>${text}</p></div>`;
}
