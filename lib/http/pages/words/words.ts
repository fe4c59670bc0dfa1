import { byteSize } from "../../../catalog/byte_size.ts";
import { type Html, type HtmlValue, markup, trusted } from "../../render/html.ts";
import { EN, type MessageKey, type Messages } from "./en.ts";
import { Formats } from "./formats.ts";
import { type Message, partsOf } from "./message.ts";

/** What stands for the placeholders of a text: numbers are written as the language does. */
export type Values = Readonly<Record<string, string | number>>;

/** The same for HTML. */
export type HtmlValues = Readonly<Record<string, HtmlValue>>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** Units of ages and durations, the largest first. */
const UNITS = [["year", YEAR], ["day", DAY], ["hour", HOUR], ["minute", MINUTE]] as const;

/** Names of continents, which `Intl` does not have in every runtime. */
const CONTINENTS: ReadonlyMap<string, MessageKey> = new Map(
  (["AF", "AN", "AS", "EU", "NA", "OC", "SA"] as const).map((code) => [code, `continent.${code}`]),
);

/** Digits that everybody who downloads can read, as in addresses and hashes. */
const FORMATS: Readonly<Record<string, string>> = {
  ar: "ar-u-nu-latn",
  // Dates that nobody takes for others, and 24 hours.
  en: "en-GB",
};

/** How one language says everything that stands on the pages: the one place for words. */
export class Words {
  /** BCP 47: `pt`, `zh-Hans`. */
  readonly tag: string;
  /** Where lines begin. */
  readonly direction: "ltr" | "rtl";
  readonly #messages: Messages;
  readonly #formats: Formats;
  readonly #units: readonly string[];
  readonly #briefSizes = new Map<number, string>();
  #hasOurDigits: boolean | undefined;

  /**
   * @param tag of the language, BCP 47
   * @param direction where lines begin
   * @param messages its texts; English stands for those that it lacks
   */
  constructor(tag: string, direction: "ltr" | "rtl", messages: Messages) {
    this.tag = tag;
    this.direction = direction;
    this.#messages = messages;
    this.#formats = new Formats(FORMATS[tag] ?? tag);
    this.#units = this.text("unit.binary").split(" ");
  }

  /**
   * Says a text.
   *
   * @param key which one
   * @param values what stands in it; `count` chooses the form
   */
  text(key: MessageKey, values: Values = {}): string {
    return this.#parts(key, values.count).map((part, index) =>
      index % 2 === 0 ? part.replace(/<\/?b>/g, "") : this.#written(values[part] ?? "")
    ).join("");
  }

  /**
   * Says a text in which HTML stands. Of HTML in the text itself only `<b>` is taken for some.
   *
   * @param key which one
   * @param values what stands in it
   */
  html(key: MessageKey, values: HtmlValues = {}): Html {
    const parts = this.#parts(key, values.count).map((part, index) => {
      if (index % 2 === 0) return bold(part);
      const value = values[part] ?? "";
      return markup`${typeof value === "number" ? this.number(value) : value}`;
    });
    return markup`${parts}`;
  }

  #parts(key: MessageKey, count: unknown): readonly string[] {
    const message: Message = this.#messages[key] ?? EN[key];
    if (typeof message === "string") return partsOf(message);
    const category = this.#formats.plural.select(typeof count === "number" ? count : 0);
    return partsOf(message[category] ?? message.other);
  }

  #written(value: string | number): string {
    return typeof value === "number" ? this.number(value) : value;
  }

  /** `1,234`. */
  number(value: number): string {
    return this.#formats.number.format(value);
  }

  /**
   * A share of the draw, in whole percent.
   *
   * @param share percent; `null` outside the draw
   * @returns `64%`, `<1%`, `n/a`
   */
  share(share: number | null): string {
    if (share === null) return this.text("share.none");
    return share < 1 ? `<${this.percent(1)}` : this.percent(Math.round(share));
  }

  /** `64%`. @param percent a whole number */
  percent(percent: number): string {
    return this.#formats.percent.format(percent / 100);
  }

  /** `1,258 km`. @param kilometres rounded to whole ones */
  distance(kilometres: number): string {
    return this.#formats.kilometres.format(Math.round(kilometres));
  }

  /** `1.5 MiB`, `512 bytes`. @param bytes how many */
  size(bytes: number): string {
    if (bytes < 1024) return this.bytes(bytes);
    const [value = "", unit = ""] = byteSize(bytes).split(" ");
    return this.#inUnit(
      this.#formats.tenths.format(Number(value)),
      "KMGTPE".indexOf(unit[0] ?? ""),
    );
  }

  /**
   * The same without tenths from 10 on. There are some thousands of such texts: each is written once.
   *
   * @param bytes how many
   */
  briefSize(bytes: number): string {
    let [value, unit] = [bytes, -1];
    for (; value >= 1024 && unit < 5; value /= 1024) unit++;
    const tenths = unit < 0 || value >= 10 ? Math.round(value) * 10 : Math.round(value * 10);
    const known = tenths * 8 + unit;
    let text = this.#briefSizes.get(known);
    if (text === undefined) {
      text = unit < 0 ? this.bytes(bytes) : this.#inUnit(this.#briefNumber(tenths), unit);
      this.#briefSizes.set(known, text);
    }
    return text;
  }

  #briefNumber(tenths: number): string {
    if (tenths < 100) return this.#formats.tenths.format(tenths / 10);
    const whole = tenths / 10;
    // Nearly all are such: where the language has our digits, `Intl` writes the same in ten times the time.
    this.#hasOurDigits ??= this.number(10) === "10";
    if (whole < 1000 && this.#hasOurDigits) return `${whole}`;
    return this.number(whole);
  }

  #inUnit(amount: string, index: number): string {
    const size = `${amount} ${this.#units[index] ?? ""}`;
    // In a line from right to left, the number stays before its unit.
    return this.direction === "rtl" && /[A-Z]/.test(size) ? `\u2066${size}\u2069` : size;
  }

  /** `734,003,200 bytes`. */
  bytes(bytes: number): string {
    return this.#formats.amounts("byte").format(bytes);
  }

  /** `14 Nov 2023, 23:13 UTC`. @param time milliseconds since the epoch */
  time(time: number): string {
    return this.#formats.time.format(time);
  }

  /** `15:08:05 UTC`. @param time milliseconds since the epoch */
  clock(time: number): string {
    return this.#formats.clock.format(time);
  }

  /** `22 November 2026`. @param day in UTC: `2026-11-22` */
  day(day: string): string {
    return this.#formats.day.format(Date.parse(day));
  }

  /** `22 November 2026`, `November 2026`, `2026`. @param period in UTC: a day, a month or a year */
  period(period: string): string {
    if (period.length <= 4) return period;
    return period.length > 7 ? this.day(period) : this.#formats.month.format(Date.parse(period));
  }

  /** `99.8`. */
  tenths(value: number): string {
    return this.#formats.tenths.format(value);
  }

  /** `18 days`, `3 hours`: in the largest unit of which there is one. @param milliseconds of any sign */
  duration(milliseconds: number): string {
    const length = Math.abs(milliseconds);
    const [unit, size] = UNITS.find(([, size]) => length >= size) ?? ["second", 1000] as const;
    return this.#formats.amounts(unit).format(Math.floor(length / size));
  }

  /**
   * How old something is, coarsely: up to date below a minute, then `5 minutes ago`, `3 days ago`.
   *
   * @param milliseconds its age
   */
  age(milliseconds: number): string {
    if (Math.abs(milliseconds) < MINUTE) return this.text("age.now");
    if (milliseconds < 0) return this.text("age.future");
    // A year has to be over before it is called one.
    const [unit, size] = UNITS.find(([, size]) =>
      size === YEAR ? milliseconds > size : milliseconds >= size
    )!;
    return this.#formats.relative.format(-Math.floor(milliseconds / size), unit);
  }

  /** `United Kingdom`. @param code ISO 3166-1 alpha-2; of any other text that text */
  country(code: string): string {
    return /^[A-Z]{2}$/.test(code) ? this.#formats.regions.of(code) ?? code : code;
  }

  /** `Europe`. @param code `EU`; of any other text that text */
  continent(code: string): string {
    const key = CONTINENTS.get(code);
    return key === undefined ? code : this.text(key);
  }

  /** `London, United Kingdom`. */
  joined(parts: readonly string[]): string {
    return parts.join(this.text("comma"));
  }

  /** `Norway and Sweden`. */
  list(names: readonly string[]): string {
    return this.#formats.list.format(names);
  }
}

/** English, which is spoken where nothing else is asked for. */
export const ENGLISH: Words = new Words("en", "ltr", EN);

function bold(text: string): Html {
  const parts = text.split(/(<\/?b>)/);
  return markup`${
    parts.map((part, index) =>
      index % 2 === 0 ? markup`${part}` : trusted(part === "<b>" ? "<strong>" : "</strong>")
    )
  }`;
}
