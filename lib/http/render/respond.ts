import type { Header } from "./headers.ts";

/** Headers that give whoever copies them a list which nobody has looked at. */
class GivenHeaders extends Headers {
  given: readonly Header[] = [];
}

/** Where the runtime's Headers have the list that a copy is made from. */
const LIST = Object.getOwnPropertySymbols(Headers.prototype)
  .find(({ description }) => description === "iterable headers");

if (LIST !== undefined) {
  Object.defineProperty(GivenHeaders.prototype, LIST, {
    get(this: GivenHeaders): readonly Header[] {
      return this.given;
    },
  });
}

/** One is enough: it is read while a response is made, and not afterwards. */
const headers = new GivenHeaders();

/** Responses with the shared headers alone, by these: a copy is cheaper than a new one. */
const blanks = new WeakMap<readonly Header[], Response>();

/**
 * Makes a response without a body from headers that hold printable ASCII and nothing else: whoever
 * calls this has checked the texts that they are put together from, once for each file and mirror.
 *
 * The runtime looks at every character of a header again, twice, and for a redirect with four Link
 * headers that is a third of all the work. Headers that are copied from others it takes as they are,
 * so these are made to look like others. A runtime that cannot be told so looks at them.
 *
 * @param status 200 to 599
 * @param shared headers that many responses have; always the same array
 * @param own those that follow; anything but printable ASCII may end the program
 * @returns a response with these headers in this order
 */
export const respond: (
  status: number,
  shared: readonly Header[],
  own: readonly Header[],
) => Response = takesHeadersOver() ? respondUnchecked : respondChecked;

function respondUnchecked(
  status: number,
  shared: readonly Header[],
  own: readonly Header[],
): Response {
  headers.given = shared.concat(own);
  return new Response(null, { status, headers });
}

/** Does the same where the runtime checks every header. */
export function respondChecked(
  status: number,
  shared: readonly Header[],
  own: readonly Header[],
): Response {
  let blank = blanks.get(shared);
  if (blank?.status !== status) {
    blank = new Response(null, { status, headers: [...shared] });
    blanks.set(shared, blank);
  }
  const response = blank.clone();
  for (let i = 0; i < own.length; i++) response.headers.append(own[i]![0], own[i]![1]);
  return response;
}

/** Whether the runtime takes headers over: had it looked at these, it would have removed a space. */
function takesHeadersOver(): boolean {
  try {
    const { headers } = respondUnchecked(302, [["A", "one "]], [["B", "two"], ["B", "three "]]);
    return headers.get("a") === "one " && headers.get("b") === "two, three ";
  } catch {
    return false;
  }
}
