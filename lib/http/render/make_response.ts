import type { Body } from "./answer.ts";
import type { Header } from "./headers.ts";

/**
 * Makes a Response. The runtime looks at every character of every header: one that cannot be sent is
 * refused here, and not while it is on its way.
 *
 * @param status 200 to 599
 * @param headers in the order in which they are sent
 * @param body what follows; `null`: nothing
 * @param server value of a Server header in front of the others; `null`: it is among them, or nowhere
 * @returns the response
 * @throws {TypeError} when a header holds a line break, or anything that is no header
 */
export function makeResponse(
  status: number,
  headers: readonly Header[],
  body: Exclude<Body, string> | null,
  server: string | null = null,
): Response {
  const response = new Response(body, { status });
  // Appended, each is looked at once; a list that is handed over is copied first, which takes longer.
  const target = response.headers;
  if (server !== null) target.append("Server", server);
  for (let i = 0; i < headers.length; i++) target.append(headers[i]![0], headers[i]![1]);
  return response;
}
