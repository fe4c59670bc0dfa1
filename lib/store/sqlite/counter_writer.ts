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
  readonly #addFile: StatementSync;
  readonly #addMirror: StatementSync;
  readonly #series: SeriesWriter;

  /** @param connection a connection that writes */
  constructor(connection: Connection, paths: PathTable) {
    this.#paths = paths;
    this.#addFile = connection.prepare(`
      INSERT INTO file_downloads (period, path_id, downloads) VALUES (?, ?, ?)
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
    const ids = [...files].map(([path, count]) => [this.#paths.ensure(path), count] as const);
    const total = ids.reduce((sum, [, count]) => sum + count, 0);
    for (const period of periodsOf(day)) {
      if (total > 0) this.#addFile.run(period, EVERY_FILE, total);
      for (const [id, count] of ids) this.#addFile.run(period, id, count);
      for (const [id, { downloads, bytes }] of mirrors) {
        this.#addMirror.run(period, id, downloads, bytes);
      }
    }
  }
}
