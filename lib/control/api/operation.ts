import type * as v from "valibot";

/** What one method of a path does. A path with `{id}` takes the ID of a mirror there. */
export interface Operation {
  /** For people, without a full stop. */
  readonly summary: string;
  readonly query?: v.ObjectSchema<v.ObjectEntries, undefined>;
  /** The JSON object that the request brings; without a body an empty one. */
  readonly body?: v.GenericSchema;
  /** Media type of a text that the request brings as its body, of whatever length. */
  readonly text?: string;
  /**
   * Settings that the request brings. They are judged by what the mirror has now, since a value that
   * stays as it is may be one that nobody could give today; so the schema is only the description.
   */
  readonly settings?: v.GenericSchema;
  /** Whether `If-Match` may name the entity tag that the request is based on. */
  readonly conditional?: boolean;
  readonly answer: v.GenericSchema;
  /** Media type of a text that may come in place of the answer. */
  readonly otherType?: string;
  /** Whether the answer is a stream: lines of progress, then one with what `answer` describes. */
  readonly stream?: boolean;
  /** Status of the answer; default: 200. */
  readonly status?: 201;
  /** A status that comes with the same answer. */
  readonly otherStatus?: 503;
  /** Headers that the answer always has. */
  readonly headers?: readonly string[];
  /** Headers that it has at times. */
  readonly otherHeaders?: readonly string[];
}
