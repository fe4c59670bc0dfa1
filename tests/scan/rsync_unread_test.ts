import { assertEquals } from "@std/assert";
import { rsyncUnread } from "../../lib/scan/rsync_unread.ts";

Deno.test("rsyncUnread() finds the directories and files that were left out", () => {
  for (
    const [complaint, directory, path] of [
      ['[sender] opendir "secret" (in mod) failed: Permission denied (13)', "", "/secret"],
      ['opendir "/sub/a b" (in mod) failed: Permission denied (13)', "", "/sub/a b"],
      ['[sender] opendir "/sub/secret" (in mod) failed: Permission denied (13)', "sub", "/secret"],
      ['[sender] link_stat "/file" (in mod) failed: Input/output error (5)', "", "/file"],
      ['readdir("/sub" (in mod)): Input/output error (5)', "", "/sub"],
      ['[sender] opendir "\\#303\\#274" (in mod) failed: Permission denied (13)', "", "/ü"],
    ] as const
  ) assertEquals(rsyncUnread([complaint], directory), [path], complaint);
});

Deno.test("rsyncUnread() takes what it does not understand for everything", () => {
  const understood = '[sender] opendir "secret" (in mod) failed: Permission denied (13)';
  for (
    const complaints of [
      [],
      [understood, "IO error encountered"],
      [understood, "… and more"],
      ['[sender] opendir "/elsewhere" (in mod) failed: Permission denied (13)'],
    ]
  ) assertEquals(rsyncUnread(complaints, "sub"), [""]);
});
