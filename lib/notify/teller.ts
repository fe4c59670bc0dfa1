import { eventText } from "../catalog/event_text.ts";
import { shownText } from "../catalog/text_limits.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { MailReceiver } from "../config/notify_receiver.ts";
import { isMailAddress } from "../config/notify_schema.ts";
import type { Log } from "../log/log.ts";
import type { StoredMessage } from "../store/message_store.ts";
import type { Store } from "../store/store.ts";
import { aboutOf, type Content, formatContent, type Mail } from "./content.ts";
import { adminMail, operatorMail } from "./mail_text.ts";
import { disabledReason } from "./disabled_reason.ts";
import { nameOf } from "./name_of.ts";
import type { News } from "./news.ts";
import type { Notice } from "./notice.ts";
import type { NamedReceiver } from "./receivers.ts";

/** Lines of a mirror's log that go with a notice. */
const LOG_LINES = 20;

/** Milliseconds in which the admin of a mirror is not written to again for the same reason. */
const DAY = 86_400_000;

/** What a {@linkcode Teller} works with. */
export interface TellerOptions {
  readonly store: Pick<Store, "events" | "messages">;
  /** Name of this node. */
  readonly node: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
}

/** Writes messages and puts them where they wait, together with the note that they were told. */
export class Teller {
  readonly #options: TellerOptions;

  constructor(options: TellerOptions) {
    this.#options = options;
  }

  /**
   * Writes what a receiver is to know.
   *
   * @param mirror whom it is about; `null`: this node
   * @param told what is known to be told
   * @returns what is known from now on; `null` when another node was faster
   * @throws StoreUnavailableError
   */
  async tell(
    named: NamedReceiver,
    news: News,
    mirror: MirrorRecord | null,
    told: ReadonlyMap<string, string>,
  ): Promise<ReadonlyMap<string, string | null> | null> {
    const { store, now } = this.#options;
    const { receiver } = named;
    const notice = await this.#notice(news, mirror);
    const known = new Map([[news.key, news.next]]);
    const put: StoredMessage[] = [];
    if (receiver.to !== "mail") {
      put.push(this.#message(named, news, "", { type: "notice", notice }, now()));
    } else {
      if (receiver.recipients.length > 0) {
        put.push(
          receiver.digest === null
            ? this.#message(named, news, "", mailOf(operatorMail(notice), notice, ""), now())
            : this.#message(named, news, "", { type: "notice", notice }, null),
        );
      }
      const key = mirror === null ? null : this.#adminKey(named, news, mirror, told);
      if (mirror !== null && key !== null) {
        const mail = adminMail(notice, urlOf(mirror), mirror.adminEmail);
        put.push(this.#message(named, news, "admin", mailOf(mail, notice, "admin"), now()));
        known.set(key, String(now()));
      }
    }
    const expect = { key: news.key, value: news.known };
    const dropped = await store.messages.change({ expect, put, told: known });
    if (dropped === null) return null;
    this.tellDropped(dropped.length);
    return known;
  }

  /** Logs that there was no room for the oldest messages. */
  tellDropped(count: number): void {
    if (count === 0) return;
    this.#options.log.warn(`Messages: too many wait, dropped the oldest (${count})`);
  }

  /**
   * Under which key it is noted that the admin of a mirror was written to.
   *
   * @returns `null` when he is not to be
   */
  #adminKey(
    { name, receiver }: NamedReceiver,
    { event, reason }: News,
    mirror: MirrorRecord,
    told: ReadonlyMap<string, string>,
  ): string | null {
    if (!(receiver as MailReceiver).mirrors || event === "up") return null;
    if (!isMailAddress(mirror.adminEmail)) return null;
    // The file that is asked for is another one each time.
    const kind = reason.replace(/ \/.*$/, "");
    const key = `${name} admin ${mirror.id} ${nameOf(event, kind).slice(0, 12)}`;
    const last = Number(told.get(key) ?? -Infinity);
    const passed = this.#options.now() - last;
    return passed >= 0 && passed < DAY ? null : key;
  }

  #message(
    { name }: NamedReceiver,
    { event, subject, since, level }: News,
    kind: string,
    content: Content,
    due: number | null,
  ): StoredMessage {
    const { node, now } = this.#options;
    return {
      id: nameOf(name, kind, event, subject, since, level),
      receiver: name,
      node,
      content: formatContent(content),
      time: now(),
      attempts: 0,
      due,
    };
  }

  async #notice(
    { event, reason, cause, since }: News,
    mirror: MirrorRecord | null,
  ): Promise<Notice> {
    const { store, node } = this.#options;
    const events = mirror === null ? [] : await store.events(mirror.id, LOG_LINES);
    const logs = events.map((one) =>
      `${new Date(one.time).toISOString()} ${shownText(eventText(one))}`
    );
    const why = event === "disabled" ? disabledReason(events) : { reason, cause };
    return { event, mirror: mirror?.name ?? "", ...why, since, node, logs };
  }
}

/** Notes of mails to admins that count no more. */
export function oldAdminKeys(told: ReadonlyMap<string, string>, now: number): string[] {
  return [...told].filter(([key, value]) =>
    /^\S+ admin /.test(key) && Math.abs(now - Number(value)) >= DAY
  ).map(([key]) => key);
}

function mailOf(mail: Mail, notice: Notice, kind: string): Content {
  return { type: "mail", mail, about: aboutOf(notice, kind) };
}

function urlOf({ httpUrl }: MirrorRecord): string {
  return /^https?:/i.test(httpUrl) ? httpUrl : `http(s)://${httpUrl}`;
}
