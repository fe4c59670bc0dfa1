/**
 * Does something with each of some things, several at once. Ends at the first error.
 *
 * @param next takes one of them; `undefined`: none is left, until an action brings some
 * @param count how many at once
 */
export async function runAll<T>(
  next: () => T | undefined,
  count: number,
  action: (item: T) => Promise<void>,
): Promise<void> {
  let active = 0;
  let failed = false;
  let changed = Promise.withResolvers<void>();
  const note = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const work = async (): Promise<void> => {
    while (!failed) {
      const item = next();
      if (item === undefined) {
        if (active === 0) return;
        await changed.promise;
        continue;
      }
      active++;
      try {
        await action(item);
      } catch (error) {
        failed = true;
        throw error;
      } finally {
        active--;
        note();
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: count }, work));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
