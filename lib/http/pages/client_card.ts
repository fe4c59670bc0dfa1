import type { Result } from "../request/result.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";
import type { ListAsked } from "./list_links.ts";

/**
 * Renders what is known of the client, and a way to look from elsewhere.
 *
 * @param result what was decided, for whom
 * @param asked what the list was asked with, which a look from elsewhere keeps
 * @returns HTML
 */
export function renderClientCard({ address, client }: Result, asked: ListAsked): Html {
  const network = client && client.asNumber > 0
    ? `AS${client.asNumber}${client.asName && ` (${client.asName})`}`
    : "unknown";
  const rows = [
    ["Address", address ?? "unknown"],
    ["Network", network],
    ["City", client?.city || "unknown"],
    ["Country", countryOf(client)],
  ];
  const hidden = asked.avoid.length === 0
    ? NO_HTML
    : markup`<input type="hidden" name="avoid" value="${asked.avoid.join(",")}">`;
  const items = rows.map(([name = "", value = ""]) => markup`<dt>${name}</dt><dd>${value}</dd>`);
  return markup`<section class="card" aria-labelledby="you">
<h2 id="you">You</h2>
<dl class="facts">
${lines(items)}
</dl>
<form method="get">
<input type="hidden" name="mirrorlist">${hidden}
<label>Look from another address
<input name="fromip" inputmode="text" autocomplete="off" spellcheck="false" placeholder="192.0.2.1" maxlength="45" required></label>
<button>Look</button>
</form>
</section>`;
}

function countryOf(client: Result["client"]): string {
  const code = client?.countryCode ?? "";
  const name = client?.country ?? "";
  if (name === "") return code || "unknown";
  return code === "" ? name : `${name} (${code})`;
}
