import { SMTPServer } from "smtp-server";

/** A mail as the server got it. */
export interface ReceivedMail {
  /** Recipients of the envelope. */
  readonly to: readonly string[];
  /** Lower-case name → value; of several, the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly subject: string;
  readonly text: string;
  /** Who signed in; empty: nobody did. */
  readonly user: string;
}

/** A real SMTP server. */
export class MailServer implements AsyncDisposable {
  readonly mails: ReceivedMail[] = [];
  /** Refuses mails with this while it is set. */
  refusal: string | null = null;
  readonly #server: SMTPServer;
  #port = 0;

  private constructor(password: string | null) {
    this.#server = new SMTPServer({
      authOptional: password === null,
      allowInsecureAuth: true,
      disabledCommands: password === null ? ["AUTH", "STARTTLS"] : ["STARTTLS"],
      disableReverseLookup: true,
      logger: false,
      onAuth: (auth, _session, done) => {
        if (auth.password === password) done(null, { user: auth.username ?? "" });
        else done(new Error("wrong password"));
      },
      onData: (stream, session, done) => {
        const chunks: Uint8Array[] = [];
        stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
        stream.on("end", () => {
          if (this.refusal !== null) return done(new Error(this.refusal));
          const raw = new TextDecoder().decode(joined(chunks));
          const to = session.envelope.rcptTo.map(({ address }) => address);
          this.mails.push(parse(raw, to, String(session.user ?? "")));
          done();
        });
      },
    });
    this.#server.on("error", () => {});
  }

  /** Listens on a free port of 127.0.0.1. @param password asked of everybody; `null`: of nobody */
  static async start(password: string | null = null): Promise<MailServer> {
    const server = new MailServer(password);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", () => resolve()));
    const address = server.#server.server.address();
    server.#port = typeof address === "object" && address !== null ? address.port : 0;
    return server;
  }

  get port(): number {
    return this.#port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
}

/** Reads a mail that is one part of text. */
function parse(raw: string, to: readonly string[], user: string): ReceivedMail {
  const [head = "", ...body] = raw.split("\r\n\r\n");
  const headers = Object.fromEntries(
    head.replaceAll(/\r\n[ \t]+/g, " ").split("\r\n").map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const encoded = body.join("\r\n\r\n");
  const encoding = headers["content-transfer-encoding"];
  const text = encoding === "base64"
    ? utf8(atob(encoded.replaceAll(/\s/g, "")))
    : encoding === "quoted-printable"
    ? quotedPrintable(encoded)
    : encoded;
  const subject = words(headers.subject ?? "");
  return { to, headers, subject, text: text.replaceAll("\r\n", "\n"), user };
}

function quotedPrintable(text: string): string {
  return utf8(
    text.replaceAll(/=\r\n/g, "")
      .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))),
  );
}

/** Encoded words of a header (RFC 2047). */
function words(text: string): string {
  return text.replaceAll(
    /=\?UTF-8\?([BQ])\?(.*?)\?=\s*/gi,
    (_, kind, word) =>
      kind.toUpperCase() === "B" ? utf8(atob(word)) : quotedPrintable(word.replaceAll("_", " ")),
  );
}

function utf8(bytes: string): string {
  return new TextDecoder().decode(Uint8Array.from(bytes, (one) => one.charCodeAt(0)));
}
