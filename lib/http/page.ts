import { escapeHtml } from "./escape_html.ts";
import { type Header, NO_SNIFF, NOT_CACHED } from "./headers.ts";

const STYLE =
  "body{font:1rem/1.5 system-ui,sans-serif;max-width:72rem;margin:1rem auto;padding:0 1rem;" +
  "color:#1b1b1b;background:#fff}h1,td{overflow-wrap:anywhere}table{border-collapse:collapse;" +
  "margin:.5rem 0}caption{text-align:left;font-weight:bold}th,td{text-align:left;vertical-align:top;" +
  "padding:.2rem .8rem .2rem 0;border-bottom:1px solid #ccc}.number{text-align:right}" +
  ".warning{padding:.5rem 1rem;border-left:.4rem solid #b35900;background:#fff3e0;color:#5c2e00}" +
  "@media(prefers-color-scheme:dark){body{color:#eee;background:#181818}a{color:#8ab4f8}" +
  "th,td{border-color:#555}.warning{background:#3a2a10;color:#ffd9a0}}";

/** Lets in the page's own style and nothing else, whatever a name or a setting may smuggle in. */
const SECURITY_POLICY: Header = [
  "Content-Security-Policy",
  `default-src 'none'; style-src 'sha256-${await hashOf(
    STYLE,
  )}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
];

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}

/**
 * Renders a page.
 *
 * @param server the Server header
 * @param title title and heading, as text
 * @param content what stands below the heading, as HTML
 * @returns a 200
 */
export function renderPage(server: Header, title: string, content: string): Response {
  const text = escapeHtml(title);
  const body = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${text}</h1>
${content}
</main>
</body>
</html>
`;
  const headers: Header[] = [
    server,
    NOT_CACHED,
    ["Content-Type", "text/html; charset=utf-8"],
    NO_SNIFF,
    SECURITY_POLICY,
  ];
  return new Response(body, { headers });
}
