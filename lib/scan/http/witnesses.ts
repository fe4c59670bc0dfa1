import type { ListedFile } from "../../catalog/file.ts";
import { type KnownFile, ListingError } from "../lister.ts";
import type { FileFinding } from "./file_finding.ts";
import { type HttpProber, isSame } from "./http_probe.ts";
import { EndsEarlyError } from "./http_requests.ts";

/** Files that a listing shows and nobody asked for, which may stand in for one that somebody did. */
const LISTED = 3;

/**
 * Asks again for what was there before, where a mirror seems to lose something: one that shuts somebody
 * out in the midst of a scan refuses everything, and one that shows a captcha says yes to everything.
 */
export class Witnesses {
  readonly #prober: HttpProber;
  /** A file that was asked for, and was there. */
  #asked: ListedFile | null = null;
  readonly #listed: ListedFile[] = [];
  /** Whether something was lost before anything was found. */
  #open = false;

  constructor(prober: HttpProber) {
    this.#prober = prober;
  }

  /**
   * Takes what was found in a directory.
   *
   * @throws {EndsEarlyError} when it is not to be believed
   * @throws {ListingError} when what was found before is not, either
   */
  async hear(findings: readonly FileFinding[], known: KnownFile): Promise<void> {
    let lost = this.#open;
    let other = false;
    for (const finding of findings) {
      if (finding.type === "gone") lost ||= !finding.kept && known(finding.path) !== null;
      if (finding.type !== "copy" || finding.kept) continue;
      const { file, same, sure } = finding;
      if (!same) other ||= sure;
      else if (sure) this.#asked ??= file;
      else if (this.#listed.length < LISTED) this.#listed.push(file);
    }
    if (lost) await this.confirmLoss();
    if (other && await this.#prober.turnedSoft()) {
      throw new EndsEarlyError("It says yes to everything all of a sudden");
    }
  }

  /** Makes sure of a loss: of this one, or later where nothing was found yet. Throws as {@linkcode hear} does. */
  async confirmLoss(): Promise<void> {
    const files = this.#asked === null ? this.#listed : [this.#asked];
    for (const file of files) {
      const result = await this.#prober.probe(file.path);
      if (result.type === "there" && isSame(result, file) !== false) {
        this.#asked ??= file;
        this.#open = false;
        return;
      }
    }
    if (files.length > 0) {
      this.end();
      throw new EndsEarlyError("It refuses what it gave before");
    }
    this.#open = true;
  }

  /** Ends. @throws {ListingError} when something was lost, and nothing was there to compare with */
  end(): void {
    if (this.#open) throw new ListingError("HTTP: It gives none of the files that it had");
  }
}
