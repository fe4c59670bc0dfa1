import type { Result } from "../request/result.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";
import { type ListAsked, listQuery } from "./list_links.ts";
import type { Words } from "./words/words.ts";

/**
 * Says what of a mirror list is as its reader asked for, and how to get back: it is seen from elsewhere,
 * or without some mirrors.
 *
 * @param words of the language
 * @param path of the list, as URLs have it
 * @param asked what the list was asked with
 * @param result what was decided
 * @returns HTML; empty when nothing was asked
 */
export function renderListNotices(
  words: Words,
  path: string,
  asked: ListAsked,
  { address }: Pick<Result, "address">,
): Html {
  return lines([seenFrom(words, path, asked, address ?? ""), without(words, path, asked)]);
}

function seenFrom(words: Words, path: string, asked: ListAsked, address: string): Html {
  if (asked.fromIp === null) return NO_HTML;
  const own = path + listQuery(asked, { fromIp: null }, "mirrorlist");
  const back = (text: string): Html => markup`<a href="${own}">${text}</a>`;
  if (asked.moved) {
    return note(words.html("notice.seen", {
      address: strong(address),
      back: back(words.text("notice.back")),
    }));
  }
  const head = asked.fromIp === ""
    ? words.text("notice.nothing")
    : words.text("notice.nonsense", { text: asked.fromIp.slice(0, 100) });
  return warning(
    head,
    markup`${words.text("notice.nonsense.text")} ${back(words.text("you.back"))}`,
    "nonsense",
  );
}

function without(words: Words, path: string, asked: ListAsked): Html {
  if (asked.avoid.length === 0) return NO_HTML;
  const all = path + listQuery(asked, { avoid: [] }, "mirrorlist");
  const mirrors = words.joined(asked.avoid);
  const link = (text: string): Html => markup`<a href="${all}">${text}</a>`;
  if (asked.ignored) {
    return warning(
      words.text("notice.without.none", { mirrors }),
      words.html("notice.without.ignored", { back: link(words.text("notice.without.again")) }),
    );
  }
  return note(words.html("notice.without", {
    mirrors: strong(mirrors),
    back: link(words.text("notice.without.back")),
  }));
}

function strong(text: string): Html {
  return markup`<strong>${text}</strong>`;
}

function note(content: Html): Html {
  return markup`<p class="notice" role="note">${content}</p>`;
}

function warning(head: string, text: Html, id = ""): Html {
  const named = id === "" ? NO_HTML : markup` id="${id}"`;
  return markup`<div class="notice warning" role="alert"${named}><strong>${head}</strong> <p>${text}</p></div>`;
}
