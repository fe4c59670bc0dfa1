import type { SourceDifference } from "../store/difference.ts";

/** Called with what is about to be written into the source index, and waited for. */
export type BeforeWrite = (difference: SourceDifference) => Promise<void>;
