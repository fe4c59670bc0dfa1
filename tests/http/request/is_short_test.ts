import { assertEquals } from "@std/assert";
import { isShort } from "../../../lib/http/request/is_short.ts";

/** What stat(2) says of directories. */
const DIRECTORIES:
  readonly (readonly [what: string, size: number, blocks: number | null, boolean])[] = [
    ["ext4, few names", 4096, 8, true],
    ["ext4, 10 000 names", 491_520, 960, true],
    ["ext4, with a block of its index beside", 491_520, 968, true],
    ["ext4, the longest that is short", 4 * 1024 * 1024, 8192, true],
    ["ext4, one block more", 4 * 1024 * 1024 + 4096, 8200, false],
    ["XFS, names beside what is said of it", 33, 0, false],
    ["XFS, 10 000 names", 327_680, 832, true],
    ["ZFS, four million names", 4_000_002, 400_000, false],
    ["ZFS, 4094 names", 4096, 1, false],
    ["btrfs, 100 000 names", 4_194_304, 0, false],
    ["tmpfs, 10 000 names", 200_020, 0, false],
    ["a share on the network that makes it up", 0, 0, false],
    ["one that makes up more", 4096, 0, false],
    ["Windows", 4096, null, false],
  ];

Deno.test("isShort() believes sizes that names take on a disk, and no others", () => {
  for (const [what, size, blocks, short] of DIRECTORIES) {
    assertEquals(isShort({ size, blocks }), short, what);
  }
});
