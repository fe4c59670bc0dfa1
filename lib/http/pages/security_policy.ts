import { createHash } from "../../worker/late_builtins.ts";

/**
 * The Content-Security-Policy of a page that needs its own style and script, and nothing from outside.
 *
 * @param style CSS, as it stands in the page
 * @param script JavaScript, as it stands there
 */
export function securityPolicy(style: string, script: string): string {
  return [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
