import type { Result } from "../request/result.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";
import { type ListAsked, listQuery } from "./list_links.ts";

/**
 * Says what of a mirror list is as its reader asked for, and how to get back: it is seen from elsewhere,
 * or without some mirrors.
 *
 * @param path of the list, as URLs have it
 * @param asked what the list was asked with
 * @param result what was decided
 * @returns HTML; empty when nothing was asked
 */
export function renderListNotices(
  path: string,
  asked: ListAsked,
  { address }: Pick<Result, "address">,
): Html {
  return lines([seenFrom(path, asked, address ?? ""), without(path, asked)]);
}

function seenFrom(path: string, asked: ListAsked, address: string): Html {
  if (asked.fromIp === null) return NO_HTML;
  const own = path + listQuery(asked, { fromIp: null }, "mirrorlist");
  if (asked.moved) {
    return markup`<p class="notice" role="note">Seen from <strong>${address}</strong> — <a href="${own}">back to your own</a></p>`;
  }
  const shown = asked.fromIp === "" ? "Nothing" : `“${asked.fromIp.slice(0, 100)}”`;
  return markup`<div class="notice warning" role="alert"><strong>${shown} is no IP address</strong> <p>This is the list for your own address. An address looks like 192.0.2.1 or 2001:db8::1.</p></div>`;
}

function without(path: string, asked: ListAsked): Html {
  if (asked.avoid.length === 0) return NO_HTML;
  const all = path + listQuery(asked, { avoid: [] }, "mirrorlist");
  const words = asked.avoid.join(", ");
  if (asked.ignored) {
    return markup`<div class="notice warning" role="alert"><strong>Without ${words} nobody is left</strong> <p>So this is the list with all mirrors. <a href="${all}">Ask without that wish</a></p></div>`;
  }
  return markup`<p class="notice" role="note">Without <strong>${words}</strong>, and so is the download below — <a href="${all}">back to all mirrors</a></p>`;
}
