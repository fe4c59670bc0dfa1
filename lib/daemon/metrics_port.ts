import type { Config } from "../config/config.ts";
import type { MetricsText } from "../stats/metrics/write_metrics.ts";
import { ControlPort, type PortMove } from "./control_port.ts";

/** Where metrics are given to anyone who asks, and nothing else is. */
export class MetricsPort implements AsyncDisposable {
  readonly #port: ControlPort;

  /**
   * @param shared see {@linkcode ControlPort}
   * @param refused told the reason when a connection could not be accepted
   * @param write writes the metrics for an Accept header
   * @param failed told why they could not be written
   */
  constructor(
    shared: boolean,
    refused: (reason: string) => void,
    write: (accept: string | null) => Promise<MetricsText>,
    failed: (error: unknown) => void,
  ) {
    this.#port = new ControlPort(shared, refused);
    this.#port.answer({ fetch: (request) => answerMetrics(request, write, failed) });
  }

  /**
   * Opens the port, where there is to be one.
   *
   * @param takeOver whether a process that will go away listens there; default: nobody may
   * @throws Error when it cannot be used
   */
  async listen(address: Config["metricsListenAddress"], takeOver = false): Promise<void> {
    if (address !== null) await this.#port.listen(address, takeOver);
  }

  /**
   * Opens another port, or begins to close the present one where there is to be none.
   *
   * @param present where it listens; `null`: nowhere
   * @param wanted where it is to listen; `null`: nowhere
   * @returns what closes one of them: the present one where the move is kept, else the new one
   * @throws Error when it cannot be used
   */
  async move(
    present: Config["metricsListenAddress"],
    wanted: Config["metricsListenAddress"],
  ): Promise<PortMove> {
    if (present !== null && wanted !== null) return await this.#port.move(wanted);
    await this.listen(wanted);
    let surplus = wanted !== null;
    return {
      keep: () => void (surplus = present !== null),
      [Symbol.dispose]: () => {
        if (surplus) this.#port.close();
      },
    };
  }

  /** See {@linkcode ControlPort.renew}. */
  async renew(time: number): Promise<void> {
    await this.#port.renew(time);
  }

  /** Closes the port; running requests finish in the background. */
  close(): void {
    this.#port.close();
  }

  /** Closes the port and lets running requests finish, but not for long. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#port[Symbol.asyncDispose]();
  }
}

async function answerMetrics(
  request: Request,
  write: (accept: string | null) => Promise<MetricsText>,
  failed: (error: unknown) => void,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  const headers = {
    "cache-control": "no-store, no-transform",
    "x-content-type-options": "nosniff",
  };
  if (pathname !== "/metrics") {
    return new Response("Only /metrics is here\n", { status: 404, headers });
  }
  if (request.method !== "GET") {
    return new Response("GET is what is answered here\n", {
      status: 405,
      headers: { ...headers, allow: "GET" },
    });
  }
  try {
    const { contentType, body } = await write(request.headers.get("accept"));
    return new Response(body, {
      headers: { ...headers, "content-type": contentType, vary: "Accept" },
    });
  } catch (error) {
    failed(error);
    return new Response("The metrics cannot be written now\n", { status: 503, headers });
  }
}
