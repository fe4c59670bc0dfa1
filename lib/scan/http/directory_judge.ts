import type { SourceDirectory } from "../../catalog/source_tree.ts";
import type { KnownFile } from "../lister.ts";
import type { FileFinding } from "./file_finding.ts";
import { isHiddenName } from "./hidden_name.ts";
import { type HttpProber, isSame, type ProbeResult } from "./http_probe.ts";
import { entriesOf, type ListingEntry, type ListingPage } from "./listing_entry.ts";
import { offsetSamples } from "./offset_samples.ts";
import type { Trust } from "./scan_memory.ts";
import { isWeak, maySize } from "./size_interval.ts";
import { copyOf, isCopy, judgeVersions, type Version } from "./verdict.ts";
import { Witnesses } from "./witnesses.ts";
import { ZoneOffsets } from "./zone_offsets.ts";

/** Directories whose missing files are believed without a look at one of them. */
const MAX_SAMPLES = 100;

/** Local times that are learnt from, of one scan. */
const MAX_ZONE_SAMPLES = 3;

/** Files in a row that are not there, in a directory that is not there, until the rest is believed. */
const GONE_IN_A_ROW = 3;

/** Server formats that may leave out names that their operators chose. */
const EXCLUDING = new Set(["lighttpd", "caddy", "caddy-json"]);
const EXCLUDED_SHARE = 0.05;

/** What {@linkcode DirectoryJudge} works with. */
export interface DirectoryJudgeOptions {
  readonly prober: HttpProber;
  readonly known: KnownFile;
  /** 0 to 1, exclusive. */
  readonly random: () => number;
}

/** Finds out what the files of a directory are, from its listing and by asking for single ones. */
export class DirectoryJudge {
  readonly #options: DirectoryJudgeOptions;
  readonly #offsets = new ZoneOffsets();
  #zoneSamples = 0;
  /** Ends when nobody learns zones any more. */
  #learning: Promise<void> = Promise.resolve();
  #samples = 0;
  readonly #witnesses: Witnesses;

  constructor(options: DirectoryJudgeOptions) {
    this.#options = options;
    this.#witnesses = new Witnesses(options.prober);
  }

  /** Ends. @throws {ListingError} when the mirror gave nothing, and had something before */
  end(): void {
    this.#witnesses.end();
  }

  /** Makes sure that a mirror that seems to have lost something still gives what it gave before. */
  confirmLoss(): Promise<void> {
    return this.#witnesses.confirmLoss();
  }

  /** Whether local times tell nothing any more. */
  get confused(): boolean {
    return this.#offsets.confused;
  }

  /**
   * Judges the files of a directory by its listing.
   *
   * @param trust what of earlier scans stands, where a listing shows too little
   */
  async byListing(
    directory: SourceDirectory,
    page: ListingPage,
    trust: Trust,
  ): Promise<FileFinding[]> {
    const entries = entriesOf(page);
    const findings: FileFinding[] = [];
    const asked = await this.#learn(directory, entries, findings);
    const probes: string[] = [];
    const missing: string[] = [];
    for (const [name, source] of directory.files) {
      if (asked.has(name)) continue;
      const path = `${directory.path}/${name}`;
      const entry = entries.get(name);
      if (entry === undefined || entry.directory) {
        missing.push(name);
        continue;
      }
      const previous = this.#options.known(path);
      const [verdict, version] = judgeVersions(entry, source, previous, this.#offsets);
      if (verdict.type === "same") {
        findings.push(copy(path, copyOf(version), version === source, false));
      } else if (verdict.type === "different") findings.push(copy(path, verdict, false, false));
      else {
        const kept = this.#kept(path, source, trust, true);
        if (kept !== null) findings.push(kept);
        else probes.push(name);
      }
    }
    for (const name of probes) findings.push(await this.#probe(directory, name, entries.get(name)));
    for (const found of await this.#judgeMissing(directory, page, entries, missing, trust)) {
      findings.push(found);
    }
    await this.#witnesses.hear(findings, this.#options.known);
    return findings;
  }

  /** What an earlier scan found, where it stands; `null`: it has to be asked for. */
  #kept(path: string, source: Version, trust: Trust, shown: boolean): FileFinding | null {
    const previous = this.#options.known(path);
    if (previous === null) {
      return trust.gone && !shown ? { type: "gone", path, sure: true, kept: true } : null;
    }
    if (!trust.copies || !isCopy(previous, source)) return null;
    return { ...copy(path, copyOf(source), true, true), kept: true };
  }

  /** Judges the files of a directory that shows no listing. @param missing whether it is not there */
  async byProbes(
    directory: SourceDirectory,
    missing: boolean,
    trust: Trust,
  ): Promise<FileFinding[]> {
    const findings: FileFinding[] = [];
    let gone = 0;
    for (const [name, source] of directory.files) {
      const path = `${directory.path}/${name}`;
      if (missing && gone === findings.length && gone >= GONE_IN_A_ROW) {
        findings.push({ type: "gone", path, sure: true });
        gone++;
        continue;
      }
      const finding = this.#kept(path, source, trust, false) ?? await this.#probe(directory, name);
      if (finding.type === "gone") gone++;
      findings.push(finding);
    }
    await this.#witnesses.hear(findings, this.#options.known);
    return findings;
  }

  /**
   * Judges files that a whole listing does not have: one of them is asked for, and all if it is there.
   *
   * @param names in the directory
   */
  async missing(directory: SourceDirectory, names: readonly string[]): Promise<FileFinding[]> {
    if (names.length === 0) return [];
    const findings: FileFinding[] = [];
    const unshown = [...names];
    if (this.#samples < MAX_SAMPLES) {
      this.#samples++;
      const at = Math.floor(this.#options.random() * unshown.length);
      const [name] = unshown.splice(at, 1);
      const finding = await this.#probe(directory, name!);
      findings.push(finding);
      if (finding.type !== "gone") {
        // The listing is not whole, whatever it says.
        for (const other of unshown) findings.push(await this.#probe(directory, other));
        return findings;
      }
    }
    for (const name of unshown) {
      findings.push({ type: "gone", path: `${directory.path}/${name}`, sure: false });
    }
    return findings;
  }

  /** Asks for a file, whatever a listing says. */
  async ask(path: string, source: Version): Promise<FileFinding> {
    return (await this.#ask(path, source)).finding;
  }

  async #ask(
    path: string,
    source: Version,
  ): Promise<{ readonly finding: FileFinding; readonly result: ProbeResult }> {
    const { prober } = this.#options;
    const result = await prober.probe(path);
    if (result.type === "gone") return { result, finding: { type: "gone", path, sure: true } };
    if (result.type === "undecided") {
      return { result, finding: { type: "unread", path, reason: result.reason } };
    }
    const same = isSame(result, source);
    if (same === null) {
      const finding: FileFinding = { type: "unread", path, reason: "It does not tell the size" };
      return { result, finding };
    }
    if (same) return { result, finding: copy(path, copyOf(source), true, true) };
    // One that says yes to everything proves nothing by a size of its own.
    if (await prober.soft && result.size !== source.size) {
      return { result, finding: { type: "gone", path, sure: true } };
    }
    return {
      result,
      finding: copy(path, { size: result.size!, modTime: result.time }, false, true),
    };
  }

  async #probe(
    directory: SourceDirectory,
    name: string,
    entry?: ListingEntry,
  ): Promise<FileFinding> {
    const source = directory.files.get(name)!;
    const { finding, result } = await this.#ask(`${directory.path}/${name}`, source);
    if (entry?.time && result.type === "there" && result.time !== null) {
      if (finding.type === "copy" && finding.same) this.#offsets.learn(entry.time, result.time);
    }
    return finding;
  }

  /** Learns the zones of a listing from a few files, and judges those by the way. */
  async #learn(
    { path, files }: SourceDirectory,
    entries: ReadonlyMap<string, ListingEntry>,
    findings: FileFinding[],
  ): Promise<ReadonlySet<string>> {
    const asked = new Set<string>();
    // What comes at the same time waits for what is learnt here, and asks for less.
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#learning;
    this.#learning = promise;
    using _done = { [Symbol.dispose]: resolve };
    await before;
    if (this.#zoneSamples >= MAX_ZONE_SAMPLES) return asked;
    const usable = [...files].flatMap(([name, { size, modTime }]) => {
      const entry = entries.get(name);
      const local = entry?.time && !entry.time.zoned && !entry.maybeLink;
      if (!local || modTime === null || isWeak(entry.size) || !maySize(entry.size, size)) return [];
      return [{ name, modTime }];
    });
    for (const { name } of offsetSamples(usable)) {
      if (this.#zoneSamples >= MAX_ZONE_SAMPLES) break;
      this.#zoneSamples++;
      asked.add(name);
      const { finding, result } = await this.#ask(`${path}/${name}`, files.get(name)!);
      findings.push(finding);
      if (result.type === "there" && result.time !== null) {
        this.#offsets.learn(entries.get(name)!.time!, result.time);
      }
    }
    return asked;
  }

  /** Judges files that a listing does not show. */
  async #judgeMissing(
    directory: SourceDirectory,
    page: ListingPage,
    entries: ReadonlyMap<string, ListingEntry>,
    missing: readonly string[],
    trust: Trust,
  ): Promise<FileFinding[]> {
    const few = missing.length < directory.files.size * EXCLUDED_SHARE;
    const provesNothing = page.kind !== "known" || (EXCLUDING.has(page.format) && few);
    const asked = new Set(
      missing.filter((name) =>
        provesNothing || isHiddenName(name) || entries.has(name) ||
        isWrittenOtherwise(name, entries)
      ),
    );
    const findings: FileFinding[] = [];
    for (const name of asked) {
      const path = `${directory.path}/${name}`;
      const kept = this.#kept(path, directory.files.get(name)!, trust, false);
      findings.push(kept ?? await this.#probe(directory, name));
    }
    const unshown = missing.filter((name) => !asked.has(name));
    return findings.concat(await this.missing(directory, unshown));
  }
}

function copy(
  path: string,
  { size, modTime }: Version,
  same: boolean,
  sure: boolean,
): Extract<FileFinding, { type: "copy" }> {
  return { type: "copy", file: { path, size, modTime }, same, sure };
}

/** Whether a listing has a name in another form of Unicode. */
function isWrittenOtherwise(name: string, entries: ReadonlyMap<string, ListingEntry>): boolean {
  return ["NFC", "NFD"].some((form) => {
    const other = name.normalize(form);
    return other !== name && entries.has(other);
  });
}
