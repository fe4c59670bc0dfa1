import { seededRandom } from "../../selection/fixtures.ts";

/** One request of the log: what a front writes into its own, but for what it was answered. */
export interface LoggedRequest {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly address: string;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly agent: string;
  /** Whether a part of the file was asked for. */
  readonly ranged: boolean;
}

/** Where clients live, and how many of them in which part of the day. */
export const COUNTRIES = ["DE", "FR", "US", "JP", "BR", "ZA", "SE", "AU", "IS", ""] as const;

/** Files of the repository with their sizes; the first are asked for most. */
export const FILES: readonly (readonly [path: string, size: number])[] = Array.from(
  { length: 60 },
  (_, i) => [`/pool/${i % 7}/file-${i}.iso`, 1_000_000 + i * 7_919],
);

const DAY = 86_400_000;

/** First midnight of the thirty days. */
export const START = Date.UTC(2026, 9, 24);

/** The end of the log. */
export const END: number = START + 30 * DAY;

/** Where an address is; the last two countries have so few clients that nobody is told of them. */
export function countryOf(address: string): string {
  return COUNTRIES[Number(address.split(".")[2])] ?? "";
}

/** Browsers, tools and bots. */
const AGENTS = ["Mozilla/5.0 (X11; Linux)", "curl/8.5", "Wget/1.21", "apt/2.6"];
const BOTS = ["Googlebot/2.1", "SuperCrawler bot", "uptime-bot/1"];

/** Regular expression of those that count apart. */
export const BOT_PATTERN = "bot\\b";

/**
 * Makes thirty days of traffic up: less at night and at weekends, a release in the middle, bots at all
 * times, downloads in ranges, and all that clients ask besides.
 *
 * @param seed another one is another month
 * @param requests about so many
 */
export function madeLog(seed: number, requests: number): LoggedRequest[] {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const log: LoggedRequest[] = [];
  const slots = 30 * 24;
  for (let slot = 0; slot < slots; slot++) {
    const start = START + slot * DAY / 24;
    const wanted = requests / slots * season(start);
    const count = Math.floor(wanted) + (random() < wanted % 1 ? 1 : 0);
    for (let i = 0; i < count; i++) {
      // To the millisecond at the edges of hours, too.
      const time = start + (i === 0 && random() < 0.3 ? 0 : Math.floor(random() * DAY / 24));
      log.push(...visit(time, random, pick, log.length));
    }
  }
  return log.filter(({ time }) => time < END - 120_000).sort((a, b) => a.time - b.time);
}

/** 1 on average. */
function season(time: number): number {
  const date = new Date(time);
  const hour = 1 + 0.8 * Math.sin((date.getUTCHours() - 8) / 24 * 2 * Math.PI);
  const weekend = date.getUTCDay() % 6 === 0 ? 0.6 : 1.16;
  const release = Math.abs(time - START - 15.3 * DAY) < DAY / 2 ? 4 : 0.9;
  return hour * weekend * release;
}

/** What one client asks at one time. */
function visit(
  time: number,
  random: () => number,
  pick: <T>(list: readonly T[]) => T,
  number: number,
): LoggedRequest[] {
  // Countries at the end of the list have fewer and fewer.
  const country = Math.min(COUNTRIES.length - 1, Math.floor(-Math.log(1 - random()) * 2.2));
  const address = `10.0.${country}.${1 + Math.floor(random() * 40)}`;
  const [path] = FILES[Math.floor(random() ** 2 * FILES.length)]!;
  const kind = random();
  const agent = kind < 0.15 ? pick(BOTS) : pick(AGENTS);
  const one = { time, address, method: "GET", target: path, agent, ranged: false };
  const what = random();
  if (what < 0.7) return [one];
  if (what < 0.78) {
    // In parts, within some seconds; sometimes after a whole download that was given up.
    const own = { ...one, agent: `${agent} ${number}`, ranged: true };
    const parts = Array.from(
      { length: 1 + Math.floor(random() * 4) },
      (_, i) => ({ ...own, time: time + 2_000 * (i + 1) }),
    );
    return random() < 0.3 ? [{ ...own, ranged: false }, ...parts] : parts;
  }
  if (what < 0.84) return [{ ...one, method: "HEAD" }];
  if (what < 0.88) return [{ ...one, target: `${path}?mirrorlist` }];
  if (what < 0.91) return [{ ...one, target: `${path}?sha256` }];
  if (what < 0.95) return [{ ...one, target: `/missing/${Math.floor(random() * 9)}` }];
  if (what < 0.97) return [{ ...one, target: `${path}?stats` }];
  if (what < 0.98) return [{ ...one, method: "PUT" }];
  if (what < 0.99) return [{ ...one, target: "/%zz" }];
  return [{ ...one, target: `/pool/../${path}` }];
}

/** Writes a line of the log. */
export function formatLine(
  { time, address, method, target, agent, ranged }: LoggedRequest,
): string {
  return [new Date(time).toISOString(), address, method, target, ranged ? "part" : "whole", agent]
    .join(" ");
}

/** Reads a line of the log. */
export function parseLine(line: string): LoggedRequest {
  const [time = "", address = "", method = "", target = "", part, ...agent] = line.split(" ");
  return {
    ...{ time: Date.parse(time), address, method, target, agent: agent.join(" ") },
    ranged: part === "part",
  };
}
