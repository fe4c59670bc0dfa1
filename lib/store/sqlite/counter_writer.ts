import type { StatementSync } from "node:sqlite";
import type { DownloadBatch } from "../download_counts.ts";
import type { Connection } from "./connection.ts";
import type { PathTable } from "./path_table.ts";
import { periodsOf } from "./period_key.ts";
import { SeriesWriter } from "./series_table.ts";

/** Stands for every file in the counters. */
const EVERY_FILE = 0;

/** Writes the download counters. */
export class CounterWriter {
  readonly #paths: PathTable;
  readonly #addFiles: StatementSync;
  readonly #addMirror: StatementSync;
  readonly #series: SeriesWriter;

  /** @param connection a connection that writes */
  constructor(connection: Connection, paths: PathTable) {
    this.#paths = paths;
    // All files of a period at once: a call for each takes as long as to write its number.
    this.#addFiles = connection.prepare(`
      INSERT INTO file_downloads (period, path_id, downloads)
      SELECT ?, CAST(key AS INTEGER), value FROM json_each(?) WHERE true
      ON CONFLICT DO UPDATE SET downloads = downloads + excluded.downloads`);
    this.#addMirror = connection.prepare(`
      INSERT INTO mirror_downloads (period, mirror_id, downloads, bytes) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET downloads = downloads + excluded.downloads,
        bytes = bytes + excluded.bytes`);
    this.#series = new SeriesWriter(connection);
  }

  /** Adds a batch; to be called in a transaction. */
  add(batch: DownloadBatch): void {
    const { day, files, mirrors } = batch;
    this.#series.add(batch);
    const counts = this.#countsOf(files);
    for (const period of periodsOf(day)) {
      if (counts !== null) this.#addFiles.run(period, counts);
      for (const [id, { downloads, bytes }] of mirrors) {
        this.#addMirror.run(period, id, downloads, bytes);
      }
    }
  }

  /** @returns what was counted by the number of each path, as a JSON object; `null`: nothing */
  #countsOf(files: DownloadBatch["files"]): string | null {
    const paths = [...files.keys()];
    const ids = this.#paths.ensureAll(paths);
    let total = 0;
    let counts = "";
    for (let i = 0; i < paths.length; i++) {
      const count = files.get(paths[i]!)!;
      total += count;
      counts += `,"${ids[i]!}":${count}`;
    }
    return total > 0 ? `{"${EVERY_FILE}":${total}${counts}}` : null;
  }
}
