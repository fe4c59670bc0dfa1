import { createHmac } from "../worker/late_builtins.ts";
import type { WebhookReceiver } from "../config/notify_receiver.ts";
import { VERSION } from "../version.ts";
import type { NoticeJson } from "./notice.ts";

/** What sends a message on its way. */
export interface WebhookOptions {
  readonly receiver: Pick<WebhookReceiver, "url" | "secret">;
  /** ID of the message. */
  readonly id: string;
  readonly body: NoticeJson;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly signal: AbortSignal;
}

/**
 * Posts a notice. Redirects are not followed: a signed body is for who was named.
 *
 * @returns what the server answered: `204 No Content`
 * @throws Error when the status is not 2xx, or there was no answer
 */
export async function sendWebhook(
  { receiver: { url, secret }, id, body, fetch, signal }: WebhookOptions,
): Promise<string> {
  const text = JSON.stringify(body);
  const response = await fetch(url, {
    method: "POST",
    body: text,
    redirect: "manual",
    signal,
    headers: {
      "content-type": "application/json",
      "user-agent": `Mirrorbits/${VERSION}`,
      "mirrorbits-delivery": id,
      "mirrorbits-event": body.Event,
      ...(secret === "" ? {} : { "mirrorbits-signature": signature(text, secret) }),
    },
  });
  await response.body?.cancel();
  const answer = `${response.status} ${response.statusText}`.trim();
  if (!response.ok) throw new Error(`the server answered ${answer}`);
  return answer;
}

/** HMAC-SHA256 (RFC 2104) over the body. */
export function signature(text: string, secret: string): string {
  return `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`;
}
