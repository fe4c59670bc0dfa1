import { StoreUnavailableError } from "../store.ts";
import type { Connection } from "./connection.ts";
import { damaged, message } from "./store_error.ts";

/** Up to this size, in bytes, the whole file is read: some 40 ms, which a start can wait for. */
const WHOLE_CHECK_SIZE = 8 * 1024 * 1024;

/** Tables that cannot be made again by a scan; in a large file only they are read. */
const PRECIOUS = ["mirror", "mirror_downloads", "event"];

/**
 * Looks for damage, at a bounded cost. Damage elsewhere in a large file shows when it is read.
 *
 * @throws StoreUnavailableError when there is some
 */
export function checkIntegrity(connection: Connection): void {
  connection.attempt(() => {
    const size = connection.prepare(
      "SELECT page_count * page_size AS size FROM pragma_page_count, pragma_page_size",
    ).get()?.size;
    const checks = Number(size) <= WHOLE_CHECK_SIZE
      ? ["PRAGMA quick_check(1)"]
      : PRECIOUS.map((table) => `PRAGMA quick_check("${table}")`);
    for (const check of checks) {
      const finding = String(connection.prepare(check).get()?.quick_check);
      if (finding === "ok") continue;
      const detail = finding.split("\n").find((line) => !line.startsWith("***")) ?? finding;
      const words = damaged(`its content is damaged (${detail})`);
      throw new StoreUnavailableError(message(connection.path, words));
    }
  });
}
