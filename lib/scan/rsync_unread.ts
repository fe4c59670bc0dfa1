import { decodeRsyncName } from "./rsync_name.ts";

/** How rsync says that it could not read one directory, or look at one file. */
const UNREAD =
  /^(?:\[[a-z]+\] )?(?:opendir|readdir|link_stat|readlink_stat|get_acl)[ (]"?(.*?)"?(?: \(in [^)]*\))?\)?(?: failed)?: .*\(\d+\)$/;

const encoder = new TextEncoder();

/**
 * Finds out from a partial listing what it left out.
 *
 * @param complaints what rsync complained about, as `rsyncComplaints()` gives it
 * @param directory path of the listing in its module, without slashes around it
 * @returns paths below the listing, with a leading slash; an empty one when it may be anything
 */
export function rsyncUnread(complaints: readonly string[], directory: string): string[] {
  if (complaints.length === 0) return [""];
  const unread = complaints.map((complaint) => {
    const printed = UNREAD.exec(complaint)?.[1];
    const name = printed === undefined ? null : decodeRsyncName(encoder.encode(printed));
    if (name === null) return "";
    const path = name.replace(/^\/+/, "");
    const prefix = directory === "" ? "" : `${directory}/`;
    return path.startsWith(prefix) && path.length > prefix.length
      ? `/${path.slice(prefix.length)}`
      : "";
  });
  return unread.includes("") ? [""] : unread;
}
