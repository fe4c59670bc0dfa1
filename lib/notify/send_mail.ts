import type { MailReceiver } from "../config/notify_receiver.ts";
import type { Mail } from "./content.ts";

/** What a mail needs on its way. */
export interface SendMailOptions {
  readonly receiver: MailReceiver;
  /** ID of the message. */
  readonly id: string;
  readonly mail: Mail;
  /** How this machine is called when it greets the server. */
  readonly hostname: string;
  /** What is trusted beside what Node trusts: contents of PEM files. */
  readonly certificates: readonly string[];
  readonly signal: AbortSignal;
}

/** Milliseconds for each step of the conversation. */
const STEP = 20_000;

/**
 * Hands a mail to the server that the receiver names.
 *
 * @returns what the server answered: `250 OK: message queued`
 * @throws Error when it was not taken for every recipient
 */
export async function sendMail(
  { receiver, id, mail, hostname, certificates, signal }: SendMailOptions,
): Promise<string> {
  // Nobody waits for the library who gets no mail.
  const { createTransport } = (await import("nodemailer")).default;
  const server = new URL(receiver.smtp);
  const host = server.hostname.replace(/^\[|\]$/g, "");
  const secure = server.protocol === "smtps:";
  const auth = server.username === "" ? null : {
    user: decodeURIComponent(server.username),
    pass: decodeURIComponent(server.password),
  };
  const transport = createTransport({
    ...{ host, secure, name: hostname },
    port: server.port === "" ? secure ? 465 : 587 : Number(server.port),
    ...(auth === null ? {} : { auth }),
    // A password does not go over the network as it is.
    requireTLS: auth !== null && !secure && !isLoopback(host),
    ...(certificates.length === 0 ? {} : { tls: { ca: [...certificates] } }),
    ...{ connectionTimeout: STEP, greetingTimeout: STEP, socketTimeout: STEP },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  const close = (): void => transport.close();
  signal.addEventListener("abort", close);
  try {
    signal.throwIfAborted();
    const forAdmin = mail.recipients.length > 0;
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
    const sent = await Promise.race([
      aborted,
      transport.sendMail({
        from: receiver.from,
        to: [...(forAdmin ? mail.recipients : receiver.recipients)],
        ...(forAdmin && receiver.replyTo !== "" ? { replyTo: receiver.replyTo } : {}),
        subject: mail.subject,
        text: mail.text,
        messageId: `<${id}@${receiver.from.split("@")[1]}>`,
        // Nobody's absence is to be answered with a mail (RFC 3834 §5).
        headers: { "Mirrorbits-Delivery": id, "Auto-Submitted": "auto-generated" },
      }),
    ]);
    return String(sent.response).slice(0, 200);
  } finally {
    signal.removeEventListener("abort", close);
    transport.close();
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
