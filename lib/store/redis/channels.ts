/** The pub/sub channels of the schema. Everyone publishes on them, and everyone obeys. */
export const CHANNELS = {
  /** Messages between the nodes of a cluster. */
  cluster: "_mirrorbits_cluster",
  /** A path: the file of the source was added, changed or removed. */
  file: "_mirrorbits_file_update",
  /** A mirror ID: the mirror was added, edited, removed, or changed its state. */
  mirror: "_mirrorbits_mirror_update",
  /** `ID path`: the copy on the mirror was added, changed or removed. */
  copy: "_mirrorbits_mirror_file_update",
  /** `kind name`, our own: the note was written or removed. */
  note: "_mirrorbits_note_update",
} as const;
