/**
 * Whether an HTTPS request failed because the server shows a certificate that is itself one of the
 * trusted ones: a self-signed certificate. OpenSSL and Go accept it, Deno's `fetch()` does not.
 */
export function refusedSelfSigned(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.message.includes("CaUsedAsEndEntity")) return true;
  }
  return false;
}
