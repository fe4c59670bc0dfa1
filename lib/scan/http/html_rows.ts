import { Parser } from "htmlparser2";
import { plainBlanks } from "./written_time.ts";

/** Elements that may be open at once; the parser looks through all of them for each tag. */
const MAX_DEPTH = 200;

/** Rows of one page. */
const MAX_ROWS = 200_000;

/** Characters that are kept of one text. */
const MAX_TEXT = 8192;

/** A cell of a table, or the whole of another row. */
export interface HtmlCell {
  readonly header: boolean;
  readonly className: string;
  /** Values of `data-order`, `data-sort`, `data-size`; empty: none. */
  readonly order: string;
  /** Of a `<time>` in it; empty: none. */
  datetime: string;
  /** Text of links in a heading. */
  label: string;
  /** Outside of links: before and after the first. */
  before: string;
  after: string;
}

/** A row: a `<tr>`, an `<li>`, or a line of `<pre>`. */
export interface HtmlRow {
  readonly type: "tr" | "li" | "line";
  readonly cells: HtmlCell[];
  /** Values of `href`, as written. */
  readonly links: string[];
  /** What stands in `<span>`s of links, by class. */
  readonly spans: Map<string, string>;
  /** All text, with that of links. */
  text: string;
}

/** What was seen of a page. */
export interface HtmlPage {
  readonly rows: readonly HtmlRow[];
  /** Plain text of the title and the first heading. */
  readonly title: string;
  readonly heading: string;
  /** What tells who wrote it: `tag#id`, `tag.class`, `tag[summary=…]`, and what links look like. */
  readonly marks: ReadonlySet<string>;
  /** Whether the end of the page was seen. */
  readonly ended: boolean;
}

/** Reads the rows of an HTML page while it arrives; forgives everything but endless nesting. */
export class HtmlRows {
  readonly #parser: Parser;
  readonly #rows: HtmlRow[] = [];
  readonly #marks = new Set<string>();
  #title = "";
  #heading = "";
  #depth = 0;
  #row: HtmlRow | null = null;
  #inLink = false;
  #inPre = false;
  #span = "";
  #collecting: "title" | "h1" | "skip" | null = null;
  #first = "";
  #ended = false;

  constructor() {
    this.#parser = new Parser({
      onopentag: (name, attributes) => this.#open(name, attributes),
      onclosetag: (name, implied) => this.#close(name, implied),
      ontext: (text) => this.#text(text),
    }, { decodeEntities: false, lowerCaseAttributeNames: true });
  }

  /** Takes the next part. @throws {RangeError} when it has no end in depth or length */
  write(part: string): void {
    this.#parser.write(part);
  }

  /** Takes the end. */
  end(): HtmlPage {
    this.#endRow();
    const rows = this.#rows.splice(0);
    const ended = this.#ended;
    return {
      rows,
      title: plainBlanks(this.#title),
      heading: plainBlanks(this.#heading),
      marks: this.#marks,
      ended,
    };
  }

  #open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (++this.#depth > MAX_DEPTH) throw new RangeError("Its elements lie too deep in each other");
    if (this.#first === "") this.#marks.add(`first:${this.#first = name}`);
    const { id, class: className, summary } = attributes;
    if (id && name !== "a") this.#marks.add(`${name}#${id.slice(0, 40)}`);
    if (className && (name === "table" || name === "ul")) {
      for (const one of className.slice(0, 200).split(/\s+/)) this.#marks.add(`${name}.${one}`);
    }
    if (summary) this.#marks.add(`${name}[summary=${summary.slice(0, 40)}]`);
    switch (name) {
      case "title":
      case "h1":
        this.#collecting = name;
        break;
      case "script":
      case "style":
      case "svg":
        this.#collecting = "skip";
        break;
      case "tr":
        this.#begin("tr");
        break;
      case "li":
        this.#begin("li");
        break;
      case "pre":
        this.#inPre = true;
        this.#marks.add("pre");
        this.#begin("line");
        break;
      case "br":
      case "hr":
        if (this.#inPre) this.#begin("line");
        break;
      case "td":
      case "th":
        this.#cell(name === "th", attributes);
        break;
      case "a":
        this.#link(attributes.href);
        break;
      case "span":
        if (this.#inLink) this.#span = className ?? "";
        break;
      case "time":
        if (attributes.datetime && this.#row) this.#last().datetime = attributes.datetime.trim();
        break;
    }
  }

  #close(name: string, implied: boolean): void {
    this.#depth--;
    if (!implied && (name === "html" || (name === "table" && this.#isFragment()))) {
      this.#ended = true;
    }
    if (name === "pre") {
      this.#endRow();
      this.#inPre = false;
      if (!implied && this.#first === "pre") this.#ended = true;
    } else if (name === "tr" || name === "li") {
      if (this.#row?.type === name) this.#endRow();
    } else if (name === "a") {
      this.#inLink = false;
      this.#span = "";
    } else if (name === "span") this.#span = "";
    else if (name === this.#collecting || name === "script" || name === "style" || name === "svg") {
      this.#collecting = null;
    }
  }

  /** Whether it is lighttpd's listing without a page around it. */
  #isFragment(): boolean {
    return this.#first !== "html" && this.#marks.has("table[summary=Directory Listing]");
  }

  #text(text: string): void {
    if (this.#collecting === "skip") return;
    if (this.#collecting === "title") this.#title = added(this.#title, text);
    if (this.#collecting === "h1") this.#heading = added(this.#heading, text);
    if (this.#inPre && !this.#inLink && text.includes("\n")) {
      const lines = text.split("\n");
      this.#add(lines[0]!);
      for (const line of lines.slice(1)) {
        this.#begin("line");
        this.#add(line);
      }
    } else this.#add(text);
  }

  #add(text: string): void {
    const row = this.#row;
    if (row === null) return;
    row.text = added(row.text, text);
    if (this.#inLink) {
      const cell = row.cells.at(-1);
      if (cell?.header) cell.label = added(cell.label, text);
      if (this.#span !== "") {
        row.spans.set(this.#span, added(row.spans.get(this.#span) ?? "", text));
      }
      return;
    }
    if (row.type === "tr" && row.cells.length === 0) return;
    const cell = this.#last();
    if (row.links.length === 0 || row.type === "tr") cell.before = added(cell.before, text);
    else cell.after = added(cell.after, text);
  }

  #link(href: string | undefined): void {
    this.#inLink = true;
    if (href === undefined || this.#row === null) return;
    if (/^\?[CN][=;]?[A-Z]?/.test(href)) this.#marks.add(`sort:${this.#row.type}`);
    if (href === "../" && this.#row.type === "line") this.#marks.add("line:../");
    if (this.#row.links.length < 16) this.#row.links.push(href);
  }

  #cell(header: boolean, attributes: Readonly<Record<string, string>>): void {
    if (this.#row === null || this.#row.cells.length >= 64) return;
    const { class: className = "" } = attributes;
    const order = attributes["data-size"] ?? attributes["data-order"] ?? attributes["data-sort"];
    if (order !== undefined) this.#marks.add("data-order");
    if (/(?:^|\s)indexcol/.test(className)) this.#marks.add("indexcol");
    this.#row.text = added(this.#row.text, " ");
    this.#row.cells.push({
      header,
      className,
      order: order ?? "",
      datetime: "",
      label: "",
      before: "",
      after: "",
    });
  }

  #last(): HtmlCell {
    const { cells } = this.#row!;
    if (cells.length === 0) this.#cell(false, {});
    return cells.at(-1)!;
  }

  #begin(type: HtmlRow["type"]): void {
    this.#endRow();
    this.#inLink = false;
    this.#row = { type, cells: [], links: [], spans: new Map(), text: "" };
  }

  #endRow(): void {
    const row = this.#row;
    this.#row = null;
    if (row === null) return;
    const isHeading = row.cells.some(({ header }) => header) || /\bName\b/.test(row.text);
    if (row.links.length === 0 && !isHeading) return;
    if (this.#rows.push(row) > MAX_ROWS) throw new RangeError("It has too many rows");
  }
}

function added(text: string, more: string): string {
  return text.length >= MAX_TEXT ? text : text + more.slice(0, MAX_TEXT);
}
