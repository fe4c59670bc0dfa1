import { RE2JS } from "re2js";
import { ControlError } from "./api/control_error.ts";

/** Characters of a pattern: reading one takes the longer the longer it is. */
const LONGEST = 1000;

/** Steps that a program of RE2 may have: each may be taken for every character of a text. */
const LARGEST_PROGRAM = 10_000;

/** A pattern that a person wrote, for texts that somebody else wrote. */
export interface PathPattern {
  /** Whether the pattern is found anywhere in the text; takes time in proportion to its length. */
  readonly test: (text: string) => boolean;
  /** Steps for each character of a text, at most. */
  readonly size: number;
}

/**
 * Reads a regular expression in RE2's syntax (https://github.com/google/re2/wiki/Syntax), which the
 * original took. No pattern takes more than linear time, however its repetitions are nested.
 *
 * @throws {ControlError} `invalid` when it is none, or too large
 */
export function parsePathPattern(pattern: string): PathPattern {
  if (pattern.length > LONGEST) {
    throw invalid(`The pattern must have at most ${LONGEST} characters, found ${pattern.length}`);
  }
  let program: RE2JS;
  try {
    program = RE2JS.compile(pattern);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw invalid(`Error parsing regexp: ${detail.replace(/^error parsing regexp: /, "")}`);
  }
  const size = program.programSize();
  if (size > LARGEST_PROGRAM) {
    throw invalid(
      `The pattern must come to at most ${LARGEST_PROGRAM} steps, found ${size}: ` +
        "use smaller numbers of repetitions",
    );
  }
  return { test: (text) => program.test(text), size };
}

function invalid(message: string): ControlError {
  return new ControlError("invalid", message);
}
