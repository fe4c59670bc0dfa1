/** Metrics as a scrape gave them. */
export class Scrape {
  readonly #values = new Map<string, number>();
  /** The type of each family. */
  readonly types = new Map<string, string>();

  /** @param text in the format of Prometheus, or OpenMetrics */
  constructor(readonly text: string) {
    for (const line of text.split("\n")) {
      const [, name, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
      if (name !== undefined) this.types.set(name, type!);
      if (line === "" || line.startsWith("#")) continue;
      const [, series = "", value = ""] = /^(.*) (\S+)$/.exec(line) ?? [];
      if (this.#values.has(series)) throw new Error(`Twice: ${series}`);
      this.#values.set(series, value === "+Inf" ? Infinity : Number(value));
    }
  }

  /** One value. @param series as it is written: `name{label="value"}` */
  value(series: string): number | undefined {
    return this.#values.get(series);
  }

  /** All series of a name, as they are written. */
  series(name: string): string[] {
    return [...this.#values.keys()].filter((one) => one === name || one.startsWith(`${name}{`));
  }

  /** The sum of all series of a name. */
  sum(name: string): number {
    return this.series(name).reduce((sum, one) => sum + this.#values.get(one)!, 0);
  }

  /** What is above zero of a name, by the value of a label. */
  by(name: string, label: string): Record<string, number> {
    const found: Record<string, number> = {};
    for (const series of this.series(name)) {
      const value = this.#values.get(series)!;
      const [, key = ""] = new RegExp(`[{,]${label}="((?:[^"\\\\]|\\\\.)*)"`).exec(series) ?? [];
      if (value > 0) found[key] = (found[key] ?? 0) + value;
    }
    return found;
  }
}

/** Asks for metrics. */
export async function scrape(url: string, headers: Record<string, string> = {}): Promise<Scrape> {
  const response = await fetch(url, { headers });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text}`);
  return new Scrape(text);
}
