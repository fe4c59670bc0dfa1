import type { Notice } from "./notice.ts";

/** A mail, without who sends it. */
export interface Mail {
  /** Whom it is for; empty: the receiver's own recipients. */
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** What a message that waits says: a notice for a program or a summary to come, or a mail. */
export type Content =
  | { readonly type: "notice"; readonly notice: Notice }
  | { readonly type: "mail"; readonly mail: Mail };

/** Writes what a message says. */
export function formatContent(content: Content): string {
  return JSON.stringify(content);
}

/** Reads it. @returns `null` for what another version wrote */
export function parseContent(text: string): Content | null {
  try {
    const content = JSON.parse(text) as Content;
    const known = content.type === "notice"
      ? Array.isArray(content.notice.logs) && Number.isFinite(content.notice.since)
      : content.type === "mail" && Array.isArray(content.mail.recipients) &&
        typeof content.mail.text === "string";
    return known ? content : null;
  } catch {
    return null;
  }
}
