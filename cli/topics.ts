/** A page for operators, which the program has with it. */
export interface Topic {
  readonly name: string;
  /** A few words for the list of topics. */
  readonly summary: string;
  /** Loads its text, in Markdown. */
  readonly load: () => Promise<{ readonly default: string }>;
}

/** Every page for operators, in the order of their names. */
export const TOPICS: readonly Topic[] = [
  {
    name: "api",
    summary: "The control API, its address and password",
    load: () => import("./topics/api.md", { with: { type: "text" } }),
  },
  {
    name: "benchmarks",
    summary: "How fast it is, and how that was measured",
    load: () => import("./topics/benchmarks.md", { with: { type: "text" } }),
  },
  {
    name: "choice",
    summary: "The right mirror for each client: networks, caps, rules, CDNs",
    load: () => import("./topics/choice.md", { with: { type: "text" } }),
  },
  {
    name: "container",
    summary: "A Dockerfile and a compose file",
    load: () => import("./topics/container.md", { with: { type: "text" } }),
  },
  {
    name: "content",
    summary: "What is served of the repository, and what is left out",
    load: () => import("./topics/content.md", { with: { type: "text" } }),
  },
  {
    name: "formats",
    summary: "Metalinks: downloads that clients check by themselves",
    load: () => import("./topics/formats.md", { with: { type: "text" } }),
  },
  {
    name: "geoip",
    summary: "Which GeoIP databases are read",
    load: () => import("./topics/geoip.md", { with: { type: "text" } }),
  },
  {
    name: "limits",
    summary: "How much of everything, and what is not supported",
    load: () => import("./topics/limits.md", { with: { type: "text" } }),
  },
  {
    name: "monitoring",
    summary: "Metrics for Prometheus, and what each means",
    load: () => import("./topics/monitoring.md", { with: { type: "text" } }),
  },
  {
    name: "notify",
    summary: "Messages to people and programs when something happens",
    load: () => import("./topics/notify.md", { with: { type: "text" } }),
  },
  {
    name: "operation",
    summary: "Health, upgrades, systemd, logs, signals",
    load: () => import("./topics/operation.md", { with: { type: "text" } }),
  },
  {
    name: "original",
    summary: "Coming from the original, going back, and what is different",
    load: () => import("./topics/original.md", { with: { type: "text" } }),
  },
  {
    name: "pages",
    summary: "Templates of the pages, the JSON of the statistics",
    load: () => import("./topics/pages.md", { with: { type: "text" } }),
  },
  {
    name: "permissions",
    summary: "What the sandbox allows which thread",
    load: () => import("./topics/permissions.md", { with: { type: "text" } }),
  },
  {
    name: "privacy",
    summary: "What is known, shown and kept of whom",
    load: () => import("./topics/privacy.md", { with: { type: "text" } }),
  },
  {
    name: "proxies",
    summary: "Reverse proxies, and who is believed",
    load: () => import("./topics/proxies.md", { with: { type: "text" } }),
  },
  {
    name: "releases",
    summary: "Hold back, bring out, wait for mirrors, the newest version",
    load: () => import("./topics/releases.md", { with: { type: "text" } }),
  },
  {
    name: "scans",
    summary: "How mirrors and the repository are scanned",
    load: () => import("./topics/scans.md", { with: { type: "text" } }),
  },
  {
    name: "settings",
    summary: "Every key of the configuration, its default and its meaning",
    load: () => import("./topics/settings.md", { with: { type: "text" } }),
  },
  {
    name: "statistics",
    summary: "What is counted, for how long, and how to read it",
    load: () => import("./topics/statistics.md", { with: { type: "text" } }),
  },
  {
    name: "stores",
    summary: "The embedded store, Redis, moving between them",
    load: () => import("./topics/stores.md", { with: { type: "text" } }),
  },
];

/** Loads a page. @returns `null` when there is none of that name, in whatever case */
export async function loadTopic(name: string): Promise<string | null> {
  const topic = TOPICS.find((one) => one.name === name.toLowerCase());
  return topic ? (await topic.load()).default : null;
}
