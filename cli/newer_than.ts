/**
 * Finds what came at the end of a list of the newest things since it was looked at before: they have no names,
 * and the list moves on.
 *
 * @param before the newest ones then, oldest first
 * @param now the newest ones now, as many at most
 * @returns those at the end of `now` that are not what `before` ended with
 */
export function newerThan<T>(before: readonly T[], now: readonly T[]): readonly T[] {
  const [old, texts] = [before, now].map((list) => list.map((one) => JSON.stringify(one)));
  for (let shared = Math.min(before.length, now.length); shared > 0; shared--) {
    const start = before.length - shared;
    if (texts!.slice(0, shared).every((text, i) => text === old![start + i])) {
      return now.slice(shared);
    }
  }
  return now;
}
