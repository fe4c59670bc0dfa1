/** What can be told, by the words of the configuration. */
export const NOTIFY_EVENTS = [
  "down",
  "up",
  "disabled",
  "stale",
  "certificate",
  "quota",
  "fallback",
  "source",
] as const;

/** What can be told. */
export type NotifyEvent = typeof NOTIFY_EVENTS[number];

/** What every receiver has. */
export interface NotifyRule {
  /** What it is told; default: everything. */
  readonly events: readonly NotifyEvent[];
  /** Minutes that a state must last before it is told; default 0. */
  readonly after: number;
  /** Variables that its values were read from. */
  readonly variables: readonly string[];
}

/** A program behind a URL. */
export interface WebhookReceiver extends NotifyRule {
  /** Over HTTP. */
  readonly to: "webhook";
  /** Absolute, `http:` or `https:`; may hold a secret. */
  readonly url: string;
  /** Key of the signature; empty: none is sent. */
  readonly secret: string;
}

/** People who read mail. */
export interface MailReceiver extends NotifyRule {
  /** By SMTP. */
  readonly to: "mail";
  /** `smtp://` or `smtps://`, perhaps with user and password. */
  readonly smtp: string;
  /** Address of the sender. */
  readonly from: string;
  /** May be empty where mirrors are written to. */
  readonly recipients: readonly string[];
  /** Whether a mirror's AdminEmail is written to, too; default false. */
  readonly mirrors: boolean;
  /** Where the admins of mirrors may answer; empty: to `from`. */
  readonly replyTo: string;
  /** Minutes after midnight in UTC at which one summary replaces single mails; `null`: single mails. */
  readonly digest: number | null;
}

/** A program of this machine. */
export interface CommandReceiver extends NotifyRule {
  /** On its standard input. */
  readonly to: "command";
  /** Its absolute path, then its arguments. */
  readonly run: readonly [program: string, ...args: string[]];
}

/** Somebody who is told what happens. */
export type NotifyReceiver = WebhookReceiver | MailReceiver | CommandReceiver;
