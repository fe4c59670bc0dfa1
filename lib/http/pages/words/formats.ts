const UTC = { timeZone: "UTC", hourCycle: "h23" } as const;
const MINUTES = { hour: "2-digit", minute: "2-digit", timeZoneName: "short" } as const;
const DATE = { day: "numeric", year: "numeric" } as const;

/** How a language writes numbers, times and names: each made when it is first asked for, since `Intl` takes its time. */
export class Formats {
  readonly #tag: string;
  readonly #made = new Map<string, unknown>();

  /** @param tag BCP 47, perhaps with wishes: `ar-u-nu-latn` */
  constructor(tag: string) {
    this.#tag = tag;
  }

  /** Which form of a text stands beside a number. */
  get plural(): Intl.PluralRules {
    return this.#once("plural", (tag) => new Intl.PluralRules(tag));
  }

  /** Whole numbers. */
  get number(): Intl.NumberFormat {
    return this.#numbers("number", {});
  }

  /** Numbers with one digit behind the point. */
  get tenths(): Intl.NumberFormat {
    return this.#numbers("tenths", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  }

  /** Shares of 1. */
  get percent(): Intl.NumberFormat {
    return this.#numbers("percent", { style: "percent" });
  }

  /** Distances. */
  get kilometres(): Intl.NumberFormat {
    return this.#numbers("km", { style: "unit", unit: "kilometer" });
  }

  /** Amounts of a unit, written out: `byte`, `day`. */
  amounts(unit: string): Intl.NumberFormat {
    return this.#numbers(`in ${unit}`, { style: "unit", unit, unitDisplay: "long" });
  }

  /** Date and time. */
  get time(): Intl.DateTimeFormat {
    return this.#dates("time", { ...DATE, month: "short", ...MINUTES });
  }

  /** Time alone, with its seconds. */
  get clock(): Intl.DateTimeFormat {
    return this.#dates("clock", { ...MINUTES, second: "2-digit" });
  }

  /** Date alone. */
  get day(): Intl.DateTimeFormat {
    return this.#dates("day", { ...DATE, month: "long" });
  }

  /** A month alone. */
  get month(): Intl.DateTimeFormat {
    return this.#dates("month", { year: "numeric", month: "long" });
  }

  /** Times as seen from now. */
  get relative(): Intl.RelativeTimeFormat {
    return this.#once("relative", (tag) => new Intl.RelativeTimeFormat(tag));
  }

  /** Names of countries; those of continents are not in it. */
  get regions(): Intl.DisplayNames {
    return this.#once("regions", (tag) => new Intl.DisplayNames(tag, { type: "region" }));
  }

  /** Names one after the other. */
  get list(): Intl.ListFormat {
    return this.#once("list", (tag) => new Intl.ListFormat(tag));
  }

  #numbers(name: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
    return this.#once(name, (tag) => new Intl.NumberFormat(tag, options));
  }

  #dates(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    return this.#once(name, (tag) => new Intl.DateTimeFormat(tag, { ...UTC, ...options }));
  }

  #once<Format>(name: string, make: (tag: string) => Format): Format {
    let made = this.#made.get(name) as Format | undefined;
    if (made === undefined) {
      made = make(this.#tag);
      this.#made.set(name, made);
    }
    return made;
  }
}
