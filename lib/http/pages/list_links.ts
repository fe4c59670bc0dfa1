import type { ClientWords } from "../request/client_words.ts";
import type { Query } from "../request/query.ts";
import type { HttpRequest } from "../request/request.ts";

/** What a mirror list was asked with, for the links on it. */
export interface ListAsked {
  /** The address that `fromip` gives; `null`: none. */
  readonly fromIp: string | null;
  /** Whether it is an address, so that the list is as seen from there. */
  readonly moved: boolean;
  /** Words for mirrors that are not wanted. */
  readonly avoid: readonly string[];
  /** Whether those were not followed, because nobody would have been left. */
  readonly ignored: boolean;
  /** Whether clients may say which mirrors they do not want. */
  readonly mayAvoid: boolean;
  /** Value of `https`. */
  readonly https: boolean | null;
  /** Value of `lang`; `null`: the browser says which language. */
  readonly lang: string | null;
}

/**
 * Takes from a request what the links of a mirror list have to keep.
 *
 * @param request who asked for the list
 * @param moved whether its `fromip` is an address
 * @param mayAvoid whether the operator lets clients avoid mirrors
 */
export function listAsked(
  { query, words }: {
    readonly query: Pick<Query, "fromIp" | "https" | "lang">;
    readonly words: Pick<ClientWords, "wishes" | "ignored"> | null;
  } | HttpRequest,
  moved: boolean,
  mayAvoid: boolean,
): ListAsked {
  return {
    fromIp: query.fromIp,
    moved,
    avoid: words?.wishes.avoid ?? [],
    ignored: words?.ignored.includes("avoid") ?? false,
    mayAvoid,
    https: query.https,
    lang: query.lang,
  };
}

/**
 * Writes the query of a link to the same list, or to the file.
 *
 * @param asked what the list was asked with
 * @param changes what is to be different
 * @param word `mirrorlist`; empty: the file itself, for which `fromip` does not count
 * @returns with the question mark; empty when there is nothing to say
 */
export function listQuery(
  asked: ListAsked,
  changes: Partial<Pick<ListAsked, "avoid" | "fromIp">>,
  word: "mirrorlist" | "",
): string {
  const { avoid, fromIp, https, lang } = { ...asked, ...changes };
  const parts = [
    ...(word === "" ? [] : [word]),
    ...(avoid.length === 0 ? [] : [`avoid=${avoid.map(encoded).join(",")}`]),
    ...(fromIp === null || word === "" ? [] : [`fromip=${encoded(fromIp)}`]),
    ...(https === null ? [] : [`https=${https ? 1 : 0}`]),
    ...(lang === null || word === "" ? [] : [`lang=${encoded(lang)}`]),
  ];
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

/** The store may hold what another program wrote: half a character cannot be encoded. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
