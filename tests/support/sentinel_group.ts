import { freePort } from "./free_port.ts";
import { RedisServer } from "./redis_server.ts";
import { ServerProcess } from "./server_process.ts";
import { tempDir } from "./temp_dir.ts";
import { waitFor } from "./wait_for.ts";

const MASTER_NAME = "mymaster";

/** Two real Redis, one a replica of the other, and three real Sentinels that watch them. */
export class SentinelGroup implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack;

  private constructor(
    readonly servers: readonly [first: RedisServer, second: RedisServer],
    /** TCP ports of the Sentinels on 127.0.0.1. */
    readonly ports: readonly number[],
    readonly sentinels: readonly ServerProcess[],
    readonly password: string,
    resources: AsyncDisposableStack,
  ) {
    this.#resources = resources;
  }

  /** The name under which the Sentinels know the primary. */
  readonly masterName: string = MASTER_NAME;

  /**
   * Starts everything; the first server is the primary, and the replica is in step with it.
   *
   * @param password for everyone to everyone; empty: none
   */
  static async start(password = ""): Promise<SentinelGroup> {
    await using stack = new AsyncDisposableStack();
    const directory = stack.use(await tempDir("mirrorbits-sentinel-")).path;
    const secret = password === "" ? [] : ["--requirepass", password, "--masterauth", password];
    const common = [
      "--repl-diskless-sync-delay",
      "0",
      "--repl-ping-replica-period",
      "1",
      ...secret,
    ];
    const first = stack.use(await RedisServer.start(...common));
    const second = stack.use(
      await RedisServer.start("--replicaof", `127.0.0.1 ${first.port}`, ...common),
    );
    const ports = [freePort(), freePort(), freePort()];
    const sentinels: ServerProcess[] = [];
    for (const port of ports) {
      const file = `${directory}/${port}.conf`;
      await Deno.mkdir(`${directory}/${port}`);
      await Deno.writeTextFile(
        file,
        [
          `port ${port}`,
          "bind 127.0.0.1",
          `dir ${directory}/${port}`,
          `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${first.port} 2`,
          `sentinel down-after-milliseconds ${MASTER_NAME} 500`,
          `sentinel failover-timeout ${MASTER_NAME} 2000`,
          ...(password === "" ? [] : [
            `sentinel auth-pass ${MASTER_NAME} ${password}`,
            `requirepass ${password}`,
            `sentinel sentinel-pass ${password}`,
          ]),
          "",
        ].join("\n"),
      );
      const process = stack.use(
        new ServerProcess(["redis-server", file, "--sentinel"], async () => {
          return (await command(port, password, "PING")).includes("PONG");
        }),
      );
      await process.start();
      sentinels.push(process);
    }
    const group = new SentinelGroup([first, second], ports, sentinels, password, stack.move());
    for (const port of ports) {
      await waitFor(async () => {
        const text = await command(port, password, `SENTINEL MASTER ${MASTER_NAME}`);
        return /num-slaves\r\n\$1\r\n1\r\n/.test(text) &&
          /num-other-sentinels\r\n\$1\r\n2\r\n/.test(text);
      }, { what: "the Sentinels to know everyone" });
    }
    await waitFor(
      async () =>
        (await command(second.port, password, "INFO replication"))
          .includes("master_link_status:up"),
      { what: "the replica to be in step" },
    );
    return group;
  }

  /** Waits until a majority of the Sentinels names a server as the primary. */
  async waitForPrimary(server: RedisServer): Promise<void> {
    await waitFor(async () => {
      const answers = await Promise.all(
        this.ports.map((port) =>
          command(port, this.password, `SENTINEL GET-MASTER-ADDR-BY-NAME ${MASTER_NAME}`)
            .catch(() => "")
        ),
      );
      return answers.filter((answer) => answer.includes(`\r\n${server.port}\r\n`)).length >= 2;
    }, { what: "the fail-over", timeout: 120_000 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

/** Sends one command and reads what comes at once; a few kilobytes at most. */
async function command(port: number, password: string, text: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const lines = password === "" ? [text] : [`AUTH ${password}`, text];
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(16_384);
  let answer = "";
  for (const line of lines) {
    await connection.write(new TextEncoder().encode(`${line}\r\n`));
    const size = await connection.read(buffer) ?? 0;
    answer = decoder.decode(buffer.subarray(0, size));
  }
  return answer;
}
