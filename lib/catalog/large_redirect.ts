/** A large file, and the mirror that somebody was sent to for it. */
export interface LargeRedirect {
  /** The mirror. */
  readonly mirrorId: number;
  /** Path of the file. */
  readonly path: string;
}
