/**
 * A URL as it may be shown and logged: without user, password, query and fragment, where secrets may be.
 *
 * @param url absolute; perhaps with `{edition}` and `{month}` in it
 */
export function shownUrl(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/?#]*@/i, "$1").replace(/[?#].*$/s, "");
}
