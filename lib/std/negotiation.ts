/**
 * What is used of `@std/http/negotiation`, over npm:negotiator. Where JSR can be reached, this line of
 * deno.json puts the real one in: `"@std/http/negotiation": "jsr:@std/http@1/negotiation"`.
 *
 * @module
 */
import Negotiator from "negotiator";

/** What is used of the library, which has no types of its own. */
interface Preferences {
  mediaTypes(available?: readonly string[]): string[];
  encodings(
    available?: readonly string[],
    options?: { readonly preferred: readonly string[] },
  ): string[];
}

/**
 * The media types that a client takes, or the one of these that it likes best (RFC 9110 §12.5.1).
 *
 * @param request whose Accept header is read; without one, everything is taken
 * @param types what there is, the best first
 * @returns without `types`, all that the client names, what it likes best first
 */
export function accepts(request: Pick<Request, "headers">): string[];
/** @returns the type; `undefined` when the client takes none of them */
export function accepts(
  request: Pick<Request, "headers">,
  ...types: string[]
): string | undefined;
export function accepts(
  request: Pick<Request, "headers">,
  ...types: string[]
): string[] | string | undefined {
  const preferences = read(request, "accept");
  return types.length === 0 ? preferences.mediaTypes() : preferences.mediaTypes(types)[0];
}

/**
 * The content codings that a client takes, or the one of these that it likes best (RFC 9110 §12.5.3).
 * Of those that it likes equally the server may choose: the first here, where the real one takes the
 * first of the header, which is gzip with every browser.
 *
 * @param request whose Accept-Encoding header is read
 * @param encodings what there is, the best first
 * @returns without `encodings`, all that the client names, what it likes best first
 */
export function acceptsEncodings(request: Pick<Request, "headers">): string[];
/** @returns the coding; `undefined` when the client takes none of them */
export function acceptsEncodings(
  request: Pick<Request, "headers">,
  ...encodings: string[]
): string | undefined;
export function acceptsEncodings(
  request: Pick<Request, "headers">,
  ...encodings: string[]
): string[] | string | undefined {
  const preferences = read(request, "accept-encoding");
  return encodings.length === 0
    ? preferences.encodings()
    : preferences.encodings(encodings, { preferred: encodings })[0];
}

function read({ headers }: Pick<Request, "headers">, name: string): Preferences {
  return new Negotiator({ headers: { [name]: headers.get(name) ?? undefined } });
}
