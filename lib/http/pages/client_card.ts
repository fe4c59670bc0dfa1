import type { Result } from "../request/result.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";
import { type ListAsked, listQuery } from "./list_links.ts";
import type { Words } from "./words/words.ts";

/** Characters of a nonsensical address that are shown again. */
const SHOWN = 45;

/**
 * Renders what is known of the client, and a way to look from elsewhere.
 *
 * @param words of the language
 * @param path of the list, as URLs have it
 * @param result what was decided, for whom
 * @param asked what the list was asked with, which a look from elsewhere keeps
 * @returns HTML
 */
export function renderClientCard(
  words: Words,
  path: string,
  { address, client }: Result,
  asked: ListAsked,
): Html {
  const unknown = words.text("unknown");
  const network = client && client.asNumber > 0
    ? `AS${client.asNumber}${client.asName && ` (${client.asName})`}`
    : "";
  const rows = [
    [words.text("you.address"), address ?? unknown],
    [words.text("you.network"), network],
    [words.text("you.city"), client?.city ?? ""],
    [words.text("you.country"), countryOf(words, client) || unknown],
  ].filter(([, value]) => value !== "");
  const hidden = [
    ...(asked.avoid.length === 0 ? [] : [["avoid", asked.avoid.join(",")]]),
    ...(asked.lang === null ? [] : [["lang", asked.lang]]),
  ].map(([name = "", value = ""]) => markup`<input type="hidden" name="${name}" value="${value}">`);
  const items = rows.map(([name = "", value = ""]) => markup`<dt>${name}</dt><dd>${value}</dd>`);
  const own = path + listQuery(asked, { fromIp: null }, "mirrorlist");
  const back = asked.moved
    ? markup`<p><a href="${own}">${words.text("you.back")}</a></p>`
    : NO_HTML;
  return markup`<section class="card" aria-labelledby="you">
<h2 id="you">${words.text(asked.moved ? "you.title.elsewhere" : "you.title")}</h2>
<dl class="facts">
${lines(items)}
</dl>
<form method="get">
<input type="hidden" name="mirrorlist">${hidden}
<label>${words.text("you.look")}
<input name="fromip" inputmode="text" autocomplete="off" spellcheck="false" dir="ltr" placeholder="192.0.2.1" maxlength="45"${
    valueOf(asked)
  } required></label>
<button>${words.text("you.look.button")}</button>
</form>
${back}
</section>`;
}

/** What was looked from stays where it was written; what is no address is marked. */
function valueOf({ fromIp, moved }: ListAsked): Html {
  if (fromIp === null || fromIp === "") return NO_HTML;
  const invalid = moved ? NO_HTML : markup` aria-invalid="true" aria-describedby="nonsense"`;
  return markup` value="${fromIp.slice(0, SHOWN)}"${invalid}`;
}

function countryOf(words: Words, client: Result["client"]): string {
  const code = client?.countryCode ?? "";
  if (code === "") return client?.country ?? "";
  const name = words.country(code);
  return name === code ? code : `${name} (${code})`;
}
