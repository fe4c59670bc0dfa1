/** The last moment that a date can hold, in milliseconds since the epoch (ECMAScript §21.4.1.1). */
const LAST = 8_640_000_000_000_000;

/** Whether a value is a moment: whole milliseconds since the epoch, which a date can hold. */
export function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && Math.abs(value as number) <= LAST;
}
