import type { Answer } from "./answer.ts";

/**
 * Lets an answer be kept for a minute, and be read by scripts of other sites.
 *
 * @param answer what is sent; a failure stays as it is
 * @param whose whether the answer is made for this client, or is the same for everyone
 */
export function forAMinute(answer: Answer, whose: "everyone" | "private"): Answer {
  if (answer.status !== 200) return answer;
  const age = "max-age=60";
  return {
    ...answer,
    headers: [
      ["Cache-Control", whose === "private" ? `private, ${age}` : age],
      ["Access-Control-Allow-Origin", "*"],
      ...answer.headers.filter(([name]) => name !== "Cache-Control"),
    ],
  };
}
