import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { utcDay } from "../clock/utc_day.ts";
import type { MailReceiver } from "../config/notify_receiver.ts";
import type { MessageChange, StoredMessage } from "../store/message_store.ts";
import type { Concern } from "./concern.ts";
import { formatContent, type Mail, parseContent } from "./content.ts";
import { noticeLine } from "./mail_text.ts";
import { nameOf } from "./name_of.ts";
import type { NamedReceiver } from "./receivers.ts";

const DAY = 86_400_000;

/** What a summary is made of. */
export interface DigestFacts {
  /** Everything that waits. */
  readonly waiting: readonly StoredMessage[];
  readonly mirrors: readonly MirrorRecord[];
  /** What is wrong now. */
  readonly concerns: readonly Concern[];
  readonly told: ReadonlyMap<string, string>;
  /** Name of this node. */
  readonly node: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Whether a summary is due, or it has to be noted when the first one will be. */
export function digestDue(
  { name, receiver }: NamedReceiver,
  { told, now }: Pick<DigestFacts, "told" | "now">,
): boolean {
  if (receiver.to !== "mail" || receiver.digest === null) return false;
  return told.get(keyOf(name)) !== dayOf(receiver.digest, now);
}

/**
 * Makes the summary of a day: what happened since the last one, and what is wrong now.
 *
 * @returns the change to make; without a mail where there is nothing to say, or this is the first day
 */
export function digestChange(named: NamedReceiver, facts: DigestFacts): MessageChange {
  const { told, now, node, waiting } = facts;
  const receiver = named.receiver as MailReceiver;
  const key = keyOf(named.name);
  const day = dayOf(receiver.digest!, now);
  const known = told.get(key) ?? null;
  const expect = { key, value: known };
  const next = new Map([[key, day]]);
  if (known === null) return { expect, told: next };
  const held = waiting.filter((one) => one.receiver === named.name && one.due === null);
  const mail = digestMail(held, facts, day);
  const remove = held.map(({ id }) => id);
  if (mail === null || receiver.recipients.length === 0) return { expect, told: next, remove };
  const message = {
    id: nameOf(named.name, "digest", day),
    receiver: named.name,
    node,
    content: formatContent({ type: "mail", mail }),
    ...{ time: now, attempts: 0, due: now },
  };
  return { expect, told: next, remove, put: [message] };
}

function digestMail(
  held: readonly StoredMessage[],
  { mirrors, concerns, node }: DigestFacts,
  day: string,
): Mail | null {
  const happened = held.flatMap(({ content }) => {
    const parsed = parseContent(content);
    return parsed?.type === "notice" ? [noticeLine(parsed.notice)] : [];
  });
  const names = new Map(mirrors.map(({ id, name }) => [id, name]));
  const wrong = concerns.map((concern) => {
    const { subject } = concern;
    const mirror = typeof subject === "number" ? names.get(subject) ?? "" : "";
    return noticeLine({ ...concern, mirror, node });
  });
  if (happened.length + wrong.length === 0) return null;
  const enabled = mirrors.filter((mirror) => mirror.enabled);
  const up = enabled.filter(({ httpUp, httpsUp }) => httpUp || httpsUp).length;
  const summary = `${up} of ${enabled.length} mirrors are up, ` +
    `${mirrors.length - enabled.length} are disabled`;
  return {
    recipients: [],
    subject: `Mirrors on ${day}: ${summary}`,
    text: [
      `${summary}.`,
      ...section("What is wrong now", wrong),
      ...section("What happened since the last summary", happened),
    ].join("\n") + "\n",
  };
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines.map((line) => `- ${line}`)];
}

function keyOf(name: string): string {
  return `${name} digest`;
}

/** The day whose summary was due last. */
function dayOf(minutes: number, now: number): string {
  const midnight = Math.floor(now / DAY) * DAY;
  return utcDay(now - midnight >= minutes * 60_000 ? now : now - DAY);
}
