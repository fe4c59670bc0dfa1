import * as v from "valibot";
import { parseDuration } from "../catalog/duration.ts";

/** Reads one key's value from what was written; its messages complete "<key> must be …". */
export type ValueSchema<T> = v.GenericSchema<unknown, T>;

/** Largest whole number that a key takes. */
const LARGEST = 2_147_483_647;

/** A scalar, read by `parse`, which gives `undefined` for what is not allowed. */
export function scalar<T extends NonNullable<unknown> | null>(
  allowed: string,
  parse: (text: string) => T | undefined,
): ValueSchema<T> {
  return v.pipe(
    v.string(allowed),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const value = parse(dataset.value);
      if (value !== undefined) return value;
      addIssue({ message: allowed });
      return NEVER;
    }),
  );
}

/** A map with these keys; one without a value counts as absent. */
export function map<const T extends v.ObjectEntries>(
  allowed: string,
  entries: T,
): v.GenericSchema<unknown, v.InferOutput<v.ObjectSchema<T, undefined>>> {
  return v.pipe(
    v.custom<Record<string, unknown>>(
      (written) => typeof written === "object" && written !== null && !Array.isArray(written),
      allowed,
    ),
    v.transform((written) =>
      Object.fromEntries(Object.entries(written).filter(([, value]) => value !== null))
    ),
    v.object(entries),
  );
}

/** Any text in one line. */
export const text: ValueSchema<string> = scalar(
  "text in one line",
  (written) => hasControlCharacter(written) ? undefined : written,
);

/** What YAML 1.1 takes for a boolean, in any case. */
export const boolean: ValueSchema<boolean> = scalar("true or false", (written) => {
  if (/^(true|yes|on|y)$/i.test(written)) return true;
  return /^(false|no|off|n)$/i.test(written) ? false : undefined;
});

/** One of several words. */
export function choice<const T extends string>(...words: readonly T[]): ValueSchema<T> {
  return scalar(
    `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`,
    (written) => words.find((word) => word === written),
  );
}

/** A whole number in decimal digits, within bounds; both bounds are allowed. */
export function integer(smallest: number, largest: number = LARGEST): ValueSchema<number> {
  return scalar(
    `a whole number from ${smallest} to ${largest}`,
    (written) => wholeNumber(written, smallest, largest),
  );
}

function wholeNumber(written: string, smallest: number, largest: number): number | undefined {
  const value = /^[-+]?(0|[1-9]\d*)$/.test(written) ? Number(written) : NaN;
  return value >= smallest && value <= largest ? value + 0 : undefined;
}

/** A whole number of which those below 0 mean 0. */
export const integerFromZero: ValueSchema<number> = v.pipe(
  integer(-LARGEST),
  v.transform((value) => Math.max(0, value)),
);

/** A number above 0. */
export const positiveNumber: ValueSchema<number> = scalar("a number above 0", (written) => {
  const value = /^\+?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(written) ? Number(written) : NaN;
  return value > 0 && value < Infinity ? value : undefined;
});

/** Permissions of a file, in octal digits. */
export const fileMode: ValueSchema<number> = scalar(
  "permissions in octal, such as 0640",
  (written) => /^0?o?[0-7]{3}$/.test(written) ? parseInt(written.slice(-3), 8) : undefined,
);

/** A number of threads, or `auto`. */
export const workers: ValueSchema<number | "auto"> = scalar(
  "auto or a whole number from 0 to 256",
  (written) => written === "auto" ? written : wholeNumber(written, 0, 256),
);

/** Requests a second. */
export const scanRate: ValueSchema<number> = scalar(
  "a number of requests a second from 0.1 to 200",
  (written) => {
    const rate = /^\d+(\.\d+)?$/.test(written) ? Number(written) : NaN;
    return rate >= 0.1 && rate <= 200 ? rate : undefined;
  },
);

/** Days of statistics that are kept: quotas need those of a month. */
export const daysKept: ValueSchema<number> = scalar(
  "0 or a whole number of days from 62",
  (written) => written === "0" ? 0 : wholeNumber(written, 62, LARGEST),
);

/** Regular expressions; whether they are some is looked at later. */
export const expressions: ValueSchema<readonly string[]> = v.pipe(
  v.unknown(),
  v.transform((written) => typeof written === "string" ? [written] : written),
  v.array(
    scalar(
      "a regular expression of 1 to 1000 characters",
      (written) => written !== "" && written.length <= 1000 ? written : undefined,
    ),
    "a list of regular expressions such as [crawler, ^Uptime]",
  ),
  v.maxLength(100, "a list of at most 100 regular expressions"),
);

/** A duration; a number alone counts milliseconds. */
export const milliseconds: ValueSchema<number> = scalar(
  "a duration such as 500ms or 2s (a number: milliseconds)",
  (written) => parseDuration(written, "ms") ?? undefined,
);

/** Whether a text has characters that belong to no line of text. */
export function hasControlCharacter(written: string): boolean {
  // deno-lint-ignore no-control-regex -- these are what is looked for
  return /[\x00-\x1f\x7f]/.test(written);
}
