import * as v from "valibot";
import { hasPlainUser } from "./has_plain_user.ts";
import { NOTIFY_EVENTS, type NotifyReceiver } from "./notify_receiver.ts";
import {
  boolean,
  choice,
  hasControlCharacter,
  integer,
  map,
  scalar,
  text,
  type ValueSchema,
} from "./value_schemas.ts";

/** Most receivers of a configuration: each is looked at for each mirror. */
const MOST_RECEIVERS = 32;

const COMMON = ["To", "Events", "After"];

/** The keys that each kind of receiver has beside those that all have. */
const OWN_KEYS = {
  webhook: ["URL", "Secret"],
  mail: ["SMTP", "From", "Recipients", "Mirrors", "ReplyTo", "Digest"],
  command: ["Run"],
} as const;

/** Every key of an entry of `Notify`. */
export const NOTIFY_KEYS: readonly string[] = [...COMMON, ...Object.values(OWN_KEYS).flat()];

/** Those whose values are never shown. */
export const NOTIFY_SECRETS: readonly string[] = ["URL", "Secret", "SMTP"];

/** A value that a variable may hold in its place, as `$NAME`. */
function orVariable(allowed: string, fits: (written: string) => boolean): ValueSchema<string> {
  return scalar(
    `${allowed} or $NAME of a variable`,
    (written) => isVariable(written) || fits(written) ? written : undefined,
  );
}

/** Whether a value stands in a variable: `$` and its name are all of it. */
export function isVariable(written: string): boolean {
  return /^\$[A-Za-z_][A-Za-z0-9_]*$/.test(written);
}

/** Whether a webhook may have this URL. */
export function isWebhookUrl(written: string): boolean {
  return /^https?:\/\/[^\s]+$/i.test(written) && URL.canParse(written);
}

/** Whether a mail server may have this URL. */
export function isSmtpUrl(written: string): boolean {
  if (!/^smtps?:\/\/[^\s/?#]+\/?$/i.test(written) || !URL.canParse(written)) return false;
  return new URL(written).hostname !== "" && hasPlainUser(written);
}

const address = scalar(
  "an address such as ops@example.org",
  (written) => isMailAddress(written) ? written : undefined,
);

/** Whether a text is one address of mail and can be nothing else in a header. */
export function isMailAddress(written: string): boolean {
  return written.length <= 254 && /^[^\s@<>,;:"()\[\]\\]+@[^\s@<>,;:"()\[\]\\]+$/.test(written) &&
    !hasControlCharacter(written);
}

/** A list, or one alone. */
function listOf<T>(allowed: string, schema: ValueSchema<T>): ValueSchema<readonly T[]> {
  return v.pipe(
    v.unknown(),
    v.transform((written) => typeof written === "string" ? [written] : written),
    v.array(schema, allowed),
  );
}

const timeOfDay = scalar("a time of day in UTC, such as 08:00", (written) => {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(written) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
});

const events = listOf(
  `a list of ${NOTIFY_EVENTS.join(", ")}`,
  choice(...NOTIFY_EVENTS),
);

const RULE = {
  Events: v.exactOptional(events),
  After: v.exactOptional(integer(0, 10_080)),
};

const KINDS = {
  webhook: v.pipe(
    map("{To: webhook, URL, …}", {
      ...RULE,
      URL: orVariable("an HTTP or HTTPS URL", isWebhookUrl),
      Secret: v.exactOptional(text),
    }),
    v.transform(({ URL: url, Secret: secret = "", ...rest }): NotifyReceiver => ({
      ...{ to: "webhook", url, secret, ...rule(rest) },
    })),
  ),
  mail: v.pipe(
    map("{To: mail, SMTP, From, …}", {
      ...RULE,
      SMTP: orVariable("smtp://[user:password@]host[:port] or smtps://…", isSmtpUrl),
      From: address,
      Recipients: v.exactOptional(listOf("a list of addresses", address)),
      Mirrors: v.exactOptional(boolean),
      ReplyTo: v.exactOptional(address),
      Digest: v.exactOptional(timeOfDay),
    }),
    v.transform((mail): NotifyReceiver => ({
      to: "mail",
      smtp: mail.SMTP,
      from: mail.From,
      recipients: mail.Recipients ?? [],
      mirrors: mail.Mirrors ?? false,
      replyTo: mail.ReplyTo ?? "",
      digest: mail.Digest ?? null,
      ...rule(mail),
    })),
    v.check(
      (mail) => mail.to === "mail" && (mail.mirrors || mail.recipients.length > 0),
      "somebody's: give Recipients, or Mirrors: true",
    ),
  ),
  command: v.pipe(
    map("{To: command, Run: [/path/of/a/program, …]}", {
      ...RULE,
      Run: v.pipe(
        listOf("a list of a program and its arguments", text),
        v.check(
          ([program]) => program?.startsWith("/") ?? false,
          "a list that begins with the absolute path of a program",
        ),
      ),
    }),
    v.transform(({ Run, ...rest }): NotifyReceiver => ({
      ...{ to: "command", run: Run as [string, ...string[]], ...rule(rest) },
    })),
  ),
} satisfies Record<keyof typeof OWN_KEYS, ValueSchema<NotifyReceiver>>;

function rule(
  { Events = NOTIFY_EVENTS, After = 0 }: {
    readonly Events?: NotifyReceiver["events"];
    readonly After?: number;
  },
): Pick<NotifyReceiver, "events" | "after" | "variables"> {
  return { events: Events, after: After, variables: [] };
}

/** Says what is wrong with the kind of a receiver that is of none. */
const ofNoKind: ValueSchema<NotifyReceiver> = v.pipe(
  map("{To: webhook, mail or command, …}", { To: choice(...kinds()) }),
  v.transform(({ To }): NotifyReceiver => {
    throw new Error(`"${To}" is a kind`);
  }),
);

function kinds(): (keyof typeof KINDS)[] {
  return Object.keys(KINDS) as (keyof typeof KINDS)[];
}

/** Who is told what happens. */
export const notifyReceivers: ValueSchema<readonly NotifyReceiver[]> = v.pipe(
  v.array(
    v.lazy((written) => {
      const kind = kinds().find((kind) => kind === (written as { To?: unknown } | null)?.To);
      return kind === undefined ? ofNoKind : withOwnKeys(kind);
    }),
    "a list of {To: webhook, mail or command, …}",
  ),
  v.maxLength(MOST_RECEIVERS, `a list of at most ${MOST_RECEIVERS}`),
);

/** A key that another kind of receiver has would do nothing, and would not be missed. */
function withOwnKeys(kind: keyof typeof KINDS): ValueSchema<NotifyReceiver> {
  const own: readonly string[] = [...COMMON, ...OWN_KEYS[kind]];
  const foreign = NOTIFY_KEYS.filter((key) => !own.includes(key));
  return v.pipe(
    v.unknown(),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      for (const key of foreign.filter((key) => Object.hasOwn(dataset.value as object, key))) {
        addIssue({ message: `without ${key}, which no ${kind} has` });
      }
    }),
    KINDS[kind] as ValueSchema<NotifyReceiver>,
  );
}
