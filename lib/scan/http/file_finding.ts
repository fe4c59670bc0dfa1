import type { ListedFile } from "../../catalog/file.ts";

/** What came of one file; `sure`: by more than a listing; `kept`: an earlier scan found it. */
export type FileFinding =
  /** It is there; how it is recorded, and whether it is the source's. */
  | {
    readonly type: "copy";
    readonly file: ListedFile;
    readonly same: boolean;
    readonly sure: boolean;
    readonly kept?: boolean;
  }
  | {
    readonly type: "gone";
    readonly path: string;
    readonly sure: boolean;
    readonly kept?: boolean;
  }
  | { readonly type: "unread"; readonly path: string; readonly reason: string };
