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
  | {
    readonly type: "mail";
    readonly mail: Mail;
    /** What it is one of a row about; none: it stands alone. */
    readonly about?: string;
  };

/**
 * What a message says one after the other about: of two the later one is not to arrive first, as who is
 * told at last that a mirror is down takes it for down.
 *
 * @param kind of several that are told the same thing, who it is for
 * @returns empty: it stands alone
 */
export function aboutOf({ event, mirror }: Pick<Notice, "event" | "mirror">, kind: string): string {
  if (mirror === "") return "";
  const what = event === "up" || event === "disabled" ? "down" : event;
  return `${what} ${mirror} ${kind}`.trim();
}

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
