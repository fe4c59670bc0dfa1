import type { Config } from "../../lib/config/config.ts";
import { ConfigError } from "../../lib/config/config_error.ts";
import { defaultPidFile } from "../../lib/config/default_pid_file.ts";
import { READY_KINDS, READY_SAMPLES } from "../../lib/config/ready_samples.ts";
import sample from "../../lib/config/sample.yaml" with { type: "text" };
import { type CommandContext, defineCommand } from "../command.ts";
import { configAlone } from "../config_alone.ts";
import { DAEMON_FLAGS } from "../daemon_flags.ts";
import { choiceFlag, UsageError } from "../flags.ts";

/** What can be printed, by its word. */
const PRINTED = {
  sample: () => Promise.resolve(sample),
  alerts: async () => (await import("../alert_rules.ts")).ALERT_RULES,
  grafana: async () =>
    `${JSON.stringify((await import("../grafana_board.ts")).grafanaBoard(), null, 2)}\n`,
} as const;

/** Fronts for the daemon, by the program that they are for. */
const FRONTS = {
  nginx: async () => (await import("../fronts/nginx_text.ts")).nginxText,
  caddy: async () => (await import("../fronts/caddy_text.ts")).caddyText,
  haproxy: async () => (await import("../fronts/haproxy_text.ts")).haproxyText,
} as const;

const WORDS = [
  ...["check", "privacy", "logrotate"],
  ...Object.keys(PRINTED),
  ...Object.keys(FRONTS),
];

/** `config`: what there is to know about the configuration file. */
export default defineCommand({
  name: "config",
  group: "local",
  usage: "[OPTIONS] sample|check|privacy|logrotate|alerts|grafana|nginx|caddy|haproxy",
  summary: "Print a sample configuration and what goes with it, check one",
  description: "Print a configuration file with every key at its default, or check one",
  details:
    "A check reads the file and the environment as the daemon would, names everything that\n" +
    "is wrong with its line, and fails if the daemon could not start with it.\n" +
    "privacy says what the daemon keeps of clients, where, and for how long. logrotate prints\n" +
    "what rotates the logs; give the options that the daemon is started with.\n" +
    "alerts are rules for Prometheus over the metrics, grafana is a board (help monitoring).\n" +
    "nginx, caddy and haproxy print what makes that program a front with TLS (help proxies).",
  examples: [
    ["mirrorbits config sample > /etc/mirrorbits.conf", "start from the sample"],
    ["mirrorbits config sample -for apt", "a short one for a Debian repository"],
    ["mirrorbits config check -config new.conf && mirrorbits reload", "before a reload"],
    ["mirrorbits config alerts > /etc/prometheus/mirrorbits.rules.yml", "be told of trouble"],
  ],
  flags: {
    for: choiceFlag("sample: a short one for apt, rpm, arch, alpine or iso", READY_KINDS),
    config: DAEMON_FLAGS.config,
    log: DAEMON_FLAGS.log,
    p: DAEMON_FLAGS.p,
  },
  operands: [1, 1],
  completes: [WORDS],
  run: async ({ flags, operands: [what = ""] }, context) => {
    if (what === "check") return await check(flags.config, context);
    if (what === "privacy") return await privacy(flags.config, context);
    if (what === "logrotate") return await logrotate(flags, context);
    if (flags.for !== "") {
      if (what !== "sample") throw new UsageError("-for goes with sample only");
      context.output.write(READY_SAMPLES[flags.for]);
      return 0;
    }
    if (isFront(what)) return await front(what, flags.config, context);
    if (!isPrinted(what)) {
      throw new UsageError(`Expected one of ${WORDS.join(", ")}; found ${JSON.stringify(what)}`);
    }
    context.output.write(await PRINTED[what]());
    return 0;
  },
});

function isPrinted(what: string): what is keyof typeof PRINTED {
  return Object.hasOwn(PRINTED, what);
}

function isFront(what: string): what is keyof typeof FRONTS {
  return Object.hasOwn(FRONTS, what);
}

async function read(file: string, context: CommandContext): Promise<Config> {
  const found = await configAlone(file, context, "/");
  for (const warning of found.warnings) context.output.errorLine(`Warning: ${warning}`);
  return found.config;
}

async function privacy(file: string, context: CommandContext): Promise<number> {
  const { privacyText } = await import("../privacy_text.ts");
  context.output.write(privacyText(await read(file, context)));
  return 0;
}

async function logrotate(
  { config, log, p }: { readonly config: string; readonly log: string; readonly p: string },
  context: CommandContext,
): Promise<number> {
  const { output, variable, absolutePath } = context;
  const { logrotateText } = await import("../logrotate_text.ts");
  const { logDir } = await read(config, context);
  const files = [
    ...(logDir === null ? [] : [`${logDir}/downloads.log`]),
    ...(log === "" ? [] : [absolutePath(log)]),
  ];
  if (files.length === 0) {
    output.error(
      "There is no log to rotate: LogDir is not set",
      "With -log FILE the runtime log is rotated, too",
    );
    return 1;
  }
  const pidFile = absolutePath(p || defaultPidFile({ get: variable }));
  output.write(logrotateText({ files, pidFile }));
  return 0;
}

async function front(
  program: keyof typeof FRONTS,
  config: string,
  context: CommandContext,
): Promise<number> {
  const { output } = context;
  const { frontFacts } = await import("../fronts/front_facts.ts");
  const alone = await read(config, context);
  // Nothing else asks where the repository is.
  const { repository } = alone.serveLocally?.accel
    ? (await configAlone(config, context)).config
    : alone;
  const found = frontFacts({ ...alone, repository });
  if (found.type === "impossible") {
    output.error(found.message, found.hint);
    return 1;
  }
  for (const warning of found.warnings) output.errorLine(`Warning: ${warning}`);
  const sends = found.facts.local?.accel?.header;
  if (sends !== undefined && (program !== "nginx" || sends !== "X-Accel-Redirect")) {
    output.errorLine(
      `Warning: With "Accel: ${sends}" the daemon leaves files to a front that knows this header, and this one does not: leave Accel out`,
    );
  } else if (found.facts.local?.accel?.prefix === "/") {
    output.errorLine(
      'Warning: With "Accel: X-Accel-Redirect /" nginx would ask the daemon again, which has the location /, until it gives up with 500: name another one, such as X-Accel-Redirect /internal/',
    );
  }
  output.write((await FRONTS[program]())(found.facts));
  return 0;
}

async function check(
  file: string,
  { output, readConfig }: Pick<CommandContext, "output" | "readConfig">,
): Promise<number> {
  try {
    const { configFile, warnings } = await configAlone(file, { readConfig });
    for (const warning of warnings) output.errorLine(`Warning: ${warning}`);
    output.line(`${configFile}: the daemon can start with it`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) output.error(problem);
    return 1;
  }
}
