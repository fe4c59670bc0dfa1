import type { ScanProgress, SourceScanResult } from "../catalog/scan_result.ts";

/** Remembers what the scans of the repository by this process were like. */
export class SourceWork {
  readonly #elapsed: () => number;
  #last: { readonly bytes: number; readonly seconds: number } | null = null;
  #unhashed = 0;

  /** @param elapsed milliseconds that never go back */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /** Size of all files, and seconds that it took, of the last scan that ended well; `null`: none did. */
  get last(): { readonly bytes: number; readonly seconds: number } | null {
    return this.#last;
  }

  /** Bytes that the scan that runs is still to hash; 0: none runs. */
  get unhashed(): number {
    return this.#unhashed;
  }

  /**
   * Scans, and remembers what that was like.
   *
   * @param scan tells how far it is
   * @param onProgress told, too; default: nobody else wants to know
   */
  async scan(
    scan: (onProgress: (progress: ScanProgress) => void) => Promise<SourceScanResult>,
    onProgress: (progress: ScanProgress) => void = () => {},
  ): Promise<SourceScanResult> {
    const began = this.#elapsed();
    try {
      const result = await scan((progress) => {
        this.#unhashed = Math.max(0, (progress.totalBytes ?? 0) - (progress.bytes ?? 0));
        onProgress(progress);
      });
      this.#last = { bytes: result.bytes, seconds: (this.#elapsed() - began) / 1000 };
      return result;
    } finally {
      this.#unhashed = 0;
    }
  }
}
