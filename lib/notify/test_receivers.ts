import { messageOf } from "../log/message_of.ts";
import type { NotifyEvent, NotifyReceiver } from "../config/notify_receiver.ts";
import type { Content } from "./content.ts";
import { operatorMail } from "./mail_text.ts";
import type { Notice } from "./notice.ts";
import type { NamedReceiver } from "./receivers.ts";
import type { Sender } from "./sender.ts";

/** What came of one message that was sent to try a receiver. */
export interface TestOutcome {
  /** Of the receiver in the configuration, from 1. */
  readonly number: number;
  readonly to: NotifyReceiver["to"];
  readonly event: NotifyEvent;
  readonly sent: boolean;
  /** What was answered, or what went wrong. */
  readonly answer: string;
}

/** What {@linkcode testReceivers} works with. */
export interface TestOptions {
  readonly receivers: readonly NamedReceiver[];
  readonly sender: Pick<Sender, "send">;
  /** Name of this node. */
  readonly node: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Makes the ID of a message. */
  readonly newId: () => string;
  readonly signal: AbortSignal;
}

/** Sends one of each event to receivers; the first failure of one is its last message. */
export async function testReceivers(options: TestOptions): Promise<TestOutcome[]> {
  return (await Promise.all(options.receivers.map((named) => test(named, options)))).flat();
}

async function test(
  { number, receiver }: NamedReceiver,
  { sender, node, now, newId, signal }: TestOptions,
): Promise<TestOutcome[]> {
  const outcomes: TestOutcome[] = [];
  for (const event of receiver.events) {
    const common = { number, to: receiver.to, event };
    try {
      const content = contentFor(receiver, sample(event, node, now));
      const answer = await sender.send(receiver, newId(), content, signal);
      outcomes.push({ ...common, sent: true, answer });
    } catch (error) {
      outcomes.push({ ...common, sent: false, answer: messageOf(error) });
      break;
    }
  }
  return outcomes;
}

function sample(event: NotifyEvent, node: string, now: number): Notice {
  const mirror = event === "source" || event === "fallback" ? "" : "test.example";
  const reason = "this is a test, nothing happened";
  return { event, mirror, reason, cause: "", since: now, node, logs: [] };
}

function contentFor(receiver: NotifyReceiver, notice: Notice): Content {
  if (receiver.to !== "mail") return { type: "notice", notice };
  const mail = operatorMail(notice);
  // Admins of mirrors are not for tests.
  const recipients = receiver.recipients.length > 0
    ? receiver.recipients
    : [receiver.replyTo || receiver.from];
  return { type: "mail", mail: { ...mail, recipients, subject: `Test: ${mail.subject}` } };
}
