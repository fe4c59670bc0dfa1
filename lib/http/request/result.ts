import type { SourceFile } from "../../catalog/file.ts";
import type { GeoRecord } from "../../geo/geo_record.ts";
import type { Selection } from "../../selection/selection.ts";

/** What was decided about one request, for the renderers. */
export interface Result {
  readonly file: SourceFile;
  /** When the file left the source, in milliseconds since the epoch; absent: it is there. */
  readonly gone?: number;
  /** The client's; `null` when unknown. */
  readonly address: string | null;
  /** `null` when no database knows the client. */
  readonly client: GeoRecord | null;
  /** At least one candidate, but for a mirror list. */
  readonly selection: Selection;
}
