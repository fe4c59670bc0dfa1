import type { Clock } from "../clock/clock.ts";
import type { NotifyReceiver } from "../config/notify_receiver.ts";
import { failureCause } from "../log/failure_cause.ts";
import { messageOf } from "../log/message_of.ts";
import type { Content } from "./content.ts";
import { operatorMail } from "./mail_text.ts";
import { noticeJson } from "./notice.ts";
import { runCommand } from "./run_command.ts";
import { sendMail } from "./send_mail.ts";
import { sendWebhook } from "./send_webhook.ts";

/** Milliseconds that sending may take. */
const LIMITS = { webhook: 15_000, mail: 60_000, command: 60_000 } as const;

/** What messages are sent by. */
export interface SenderOptions {
  /** Speaks HTTP. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly hostname: string;
  /** What is trusted beside the authorities that everybody trusts: contents of PEM files. */
  readonly certificates: readonly string[];
  /** PATH of the programs that are run. */
  readonly path: string;
  readonly clock: Pick<Clock, "timeout">;
}

/** Sends messages to receivers of any kind. */
export class Sender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /**
   * Sends a message once.
   *
   * @param id ID of the message, which its receiver sees
   * @returns what was answered
   * @throws Error that shows no secret
   */
  async send(
    receiver: NotifyReceiver,
    id: string,
    content: Content,
    signal: AbortSignal,
  ): Promise<string> {
    const limit = this.#options.clock.timeout(LIMITS[receiver.to]);
    try {
      const both = AbortSignal.any([signal, limit]);
      return await this.#dispatch(receiver, id, content, both);
    } catch (error) {
      signal.throwIfAborted();
      const seconds = LIMITS[receiver.to] / 1000;
      const words = limit.aborted ? `no answer within ${seconds} s` : wordsFor(receiver, error);
      throw new Error(withoutSecrets(words, receiver));
    }
  }

  async #dispatch(
    receiver: NotifyReceiver,
    id: string,
    content: Content,
    signal: AbortSignal,
  ): Promise<string> {
    if (receiver.to === "mail") {
      const mail = content.type === "mail" ? content.mail : operatorMail(content.notice);
      return await sendMail({ ...this.#options, receiver, id, mail, signal });
    }
    if (content.type === "mail") throw new Error("it was written as a mail");
    const body = noticeJson(content.notice);
    return receiver.to === "webhook"
      ? await sendWebhook({ ...this.#options, receiver, id, body, signal })
      : await runCommand({ ...this.#options, receiver, id, body, signal });
  }
}

/** The library's own words name the whole URL. */
function wordsFor(receiver: NotifyReceiver, error: unknown): string {
  const fetching = receiver.to === "webhook" && error instanceof TypeError;
  return (fetching ? failureCause(error).text : messageOf(error)).replaceAll(/\s+/g, " ").trim();
}

function withoutSecrets(text: string, receiver: NotifyReceiver): string {
  const secrets: string[] = [];
  if (receiver.to === "webhook") {
    const { pathname, search, username, password } = new URL(receiver.url);
    secrets.push(receiver.url, receiver.secret, search, username, password);
    if (pathname.length > 1) secrets.push(pathname);
  } else if (receiver.to === "mail") {
    const { username, password } = new URL(receiver.smtp);
    const plain = decodeURIComponent(password);
    secrets.push(receiver.smtp, password, plain, username);
    secrets.push(btoa(`\0${decodeURIComponent(username)}\0${plain}`.replace(/[^\0-\xff]/g, "?")));
  }
  return secrets.filter((secret) => secret !== "")
    .reduce((rest, secret) => rest.replaceAll(secret, "…"), text).slice(0, 300);
}
