/** Code of gRPC for a call that a server does not know. */
const UNIMPLEMENTED = "12";

const MESSAGE = "This daemon is Mirrorbits for Deno: use the command line that comes with it";

/**
 * Answers a client of gRPC, which the command line of the original is, in its own terms: it shows the
 * message, and does not puzzle over JSON.
 *
 * @param request any request to the control port
 * @returns a refusal without a body, which gRPC over HTTP/2 calls Trailers-Only; `null` for others
 */
export function grpcRefusal(request: Pick<Request, "headers">): Response | null {
  if (!/^application\/grpc\b/i.test(request.headers.get("content-type") ?? "")) return null;
  const headers = {
    "content-type": "application/grpc",
    "grpc-status": UNIMPLEMENTED,
    "grpc-message": MESSAGE,
  };
  return new Response(null, { headers });
}
