import type { Tracing } from "../log/tracing.ts";
import { NameTakenError, NoSuchMirrorError } from "../store/store.ts";

/**
 * Measures every call of a store that has to be waited for.
 *
 * @param store whose methods are called on itself
 * @param elapsed milliseconds that never go back
 * @param done told how many milliseconds a call took, and whether it failed
 * @param tracing told of each call as a span; default: nobody wants to know
 * @returns the same store to all who use it
 */
export function measuredStore<S extends object>(
  store: S,
  elapsed: () => number,
  done: (milliseconds: number, failed: boolean) => void,
  tracing: Tracing | null = null,
): S {
  const methods = new Map<PropertyKey, unknown>();
  return new Proxy(store, {
    get(target, key) {
      const known = methods.get(key);
      if (known !== undefined) return known;
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      const method = (...args: unknown[]): unknown => {
        const began = elapsed();
        // One that is not ended is told of to nobody.
        const span = tracing?.begin(`store ${String(key)}`);
        const result: unknown = value.apply(target, args);
        if (result instanceof Promise) {
          result.then(
            () => {
              done(elapsed() - began, false);
              span?.end();
            },
            (error) => {
              done(elapsed() - began, !isAnswer(error));
              span?.end(isAnswer(error) ? undefined : error);
            },
          );
        }
        return result;
      };
      methods.set(key, method);
      return method;
    },
  });
}

/** Whether an error is what the store was asked for. */
function isAnswer(error: unknown): boolean {
  return error instanceof NameTakenError || error instanceof NoSuchMirrorError ||
    (error instanceof DOMException && error.name === "AbortError");
}
