import type { Answer } from "./answer.ts";
import type { Header } from "./headers.ts";

const OTHER_SITES: Header = ["Access-Control-Allow-Origin", "*"];

/**
 * Lets an answer be kept for a minute, and be read by scripts of other sites where nobody sees more than they do.
 *
 * @param answer what is sent; a failure stays as it is
 * @param whose whether the answer is the same for everyone, is made for this client, or shows what only its network sees
 */
export function forAMinute(answer: Answer, whose: "everyone" | "client" | "network"): Answer {
  if (answer.status !== 200) return answer;
  const age = "max-age=60";
  return {
    ...answer,
    headers: [
      ["Cache-Control", whose === "everyone" ? age : `private, ${age}`],
      ...whose === "network" ? [] : [OTHER_SITES],
      ...answer.headers.filter(([name]) => name !== "Cache-Control"),
    ],
  };
}
