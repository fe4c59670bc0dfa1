/**
 * What is used of `@std/assert`, over `node:assert/strict`. Where JSR can be reached, this line of
 * deno.json puts the real one in: `"@std/assert": "jsr:@std/assert@1"`.
 *
 * @module
 */
import assertStrict from "node:assert/strict";

/** Fails unless `value` is truthy. */
export function assert(value: unknown, message?: string): asserts value {
  assertStrict.ok(value, message);
}

/** Fails unless both values are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  assertStrict.deepStrictEqual(actual, expected, message);
}

/** Fails when both values are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  assertStrict.notDeepStrictEqual(actual, expected, message);
}

/** Fails unless `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string, message?: string): void {
  if (!actual.includes(expected)) {
    assertStrict.fail(
      message ?? `Expected ${JSON.stringify(actual)} to contain ${JSON.stringify(expected)}`,
    );
  }
}

/** Fails unless `actual` matches `expected`. */
export function assertMatch(actual: string, expected: RegExp, message?: string): void {
  assertStrict.match(actual, expected, message);
}

/** Fails unless `actual` is within `tolerance` of `expected`. */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance = 1e-7,
  message?: string,
): void {
  if (!(Math.abs(actual - expected) <= tolerance)) {
    assertStrict.fail(message ?? `Expected ${actual} to be within ${tolerance} of ${expected}`);
  }
}

// deno-lint-ignore no-explicit-any -- any class can be thrown, whatever its constructor takes
type ErrorClass = abstract new (...args: any[]) => Error;

function checkError(error: unknown, errorClass?: ErrorClass, messageIncludes?: string): Error {
  assertStrict.ok(error instanceof Error, `Expected an Error, got ${String(error)}`);
  if (errorClass) {
    assertStrict.ok(
      error instanceof errorClass,
      `Expected ${errorClass.name}, got ${error.constructor.name}: ${error.message}`,
    );
  }
  if (messageIncludes) assertStringIncludes(error.message, messageIncludes);
  return error;
}

/** Fails unless `fn` throws; returns what it threw. */
export function assertThrows(
  fn: () => unknown,
  errorClass?: ErrorClass,
  messageIncludes?: string,
): Error {
  try {
    fn();
  } catch (error) {
    return checkError(error, errorClass, messageIncludes);
  }
  return assertStrict.fail("Expected the function to throw");
}

/** Fails unless the promise of `fn` rejects; resolves to what it rejected with. */
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  errorClass?: ErrorClass,
  messageIncludes?: string,
): Promise<Error> {
  try {
    await fn();
  } catch (error) {
    return checkError(error, errorClass, messageIncludes);
  }
  return assertStrict.fail("Expected the promise to reject");
}
