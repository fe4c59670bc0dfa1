import type { ClientView } from "./client_view.ts";
import { ownPrefix } from "./own_network.ts";
import type { PreparedMirror } from "./prepared_mirror.ts";

/** Whether nobody but clients of its own networks is to know of a mirror, and this is none. */
export function isHidden(
  { record }: Pick<PreparedMirror, "record">,
  { network }: ClientView,
): boolean {
  return record.networksOnly && ownPrefix(network, record.id) < 0;
}
