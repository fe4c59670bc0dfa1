import { createHmac } from "node:crypto";
import type { NoticeJson } from "../../lib/notify/notice.ts";

/** A delivery as a webhook got it. */
export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly contentType: string;
  readonly signature: string;
  /** The body as it came, and as it reads. */
  readonly text: string;
  readonly body: NoticeJson;
}

/** A real HTTP server that is told what happens. */
export class WebhookReceiver implements AsyncDisposable {
  /** What arrived, oldest first, whatever was answered. */
  readonly deliveries: Delivery[] = [];
  /** How it answers; default 204. May take its time. */
  answer: () => Response | Promise<Response> = () => new Response(null, { status: 204 });
  readonly #stop = new AbortController();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    const { signal } = this.#stop;
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {}, signal };
    this.#server = Deno.serve(options, async (request) => {
      const text = await request.text();
      const header = (name: string): string => request.headers.get(name) ?? "";
      this.deliveries.push({
        id: header("mirrorbits-delivery"),
        event: header("mirrorbits-event"),
        contentType: header("content-type"),
        signature: header("mirrorbits-signature"),
        text,
        body: JSON.parse(text),
      });
      return await this.answer();
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/hook/hunter2`;
  }

  /** What was told so far: `down m1`. */
  get told(): string[] {
    return this.deliveries.map(({ body }) => `${body.Event} ${body.Mirror}`.trim());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#server.finished;
  }
}

/** The signature that a receiver expects with its secret (RFC 2104). */
export function expectedSignature(text: string, secret: string): string {
  return `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`;
}
