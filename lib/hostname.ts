/** The name of this machine, or `localhost` where Deno may not ask for it. */
export function hostname(): string {
  try {
    return Deno.hostname();
  } catch {
    return "localhost";
  }
}
