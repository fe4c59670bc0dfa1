/**
 * Whether a reader prefers OpenMetrics to the text format of Prometheus (RFC 9110 §12.5.1).
 *
 * @param accept header as received; `null`: none
 */
export function prefersOpenMetrics(accept: string | null): boolean {
  let [open, text] = [0, 0];
  for (const range of (accept ?? "").slice(0, LONGEST).split(",")) {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const weight = Number(parameters.find((one) => one.startsWith("q="))?.slice(2) ?? 1);
    if (!(weight >= 0)) continue;
    const supported = parameters.every((one) => !/^version=(?!(0\.0\.1|1\.0\.0)$)/.test(one));
    if (type === "application/openmetrics-text" && supported) open = Math.max(open, weight);
    if (type === "text/plain") text = Math.max(text, weight);
  }
  return open > 0 && open >= text;
}

/** Characters of a header that are looked at. */
const LONGEST = 2_000;
