import type { HealthJson } from "../../lib/control/api/daemon_schemas.ts";
import { defineCommand } from "../command.ts";
import { booleanFlag, stringFlag } from "../flags.ts";
import { scanSource } from "../source_scan.ts";
import { showWarnings } from "../warnings.ts";

/** `refresh`: indexes the source repository now. */
export default defineCommand({
  name: "refresh",
  group: "client",
  usage: "",
  summary: "Refresh the local repository",
  description: "Scan the local repository",
  flags: {
    force: booleanFlag("Accept an empty repository, which forgets every file"),
    rehash: booleanFlag("Force a rehash of the files"),
    "prune-pieces": booleanFlag("First remove hashes of pieces that are not asked for any more"),
    "forget-revisions": stringFlag(
      "Then forget former versions of the repomd.xml at this path: DNF takes the present one only",
    ),
  },
  operands: [0, 0],
  details: "Reads the files that are new or have changed. Ctrl-C stops it in the daemon, too.",
  examples: [
    ["mirrorbits refresh", "after new files were published"],
    ["mirrorbits refresh -rehash", "read every file again"],
    ["mirrorbits refresh -prune-pieces", "after Torrents or PieceHashes was switched off"],
  ],
  run: async ({ flags }, context) => {
    const { force, rehash } = flags;
    const { client, output } = context;
    const request = {
      ...{ force, rehash, prunePieces: flags["prune-pieces"] },
      forgetRevisions: flags["forget-revisions"] || null,
    };
    const outcome = await scanSource(request, context);
    if (outcome === null) return 1;
    const { pruned, forgotten, warnings } = outcome;
    if (pruned !== undefined) output.line(`Removed hashes of the pieces of ${pruned} files`);
    if (forgotten !== undefined) output.line(`Forgot ${forgotten} former versions`);
    showWarnings(output, warnings);
    const { pieces } = await client.health();
    if (pieces !== null) output.line(piecesText(pieces));
    return 0;
  },
});

function piecesText({ hashed, total }: NonNullable<HealthJson["pieces"]>): string {
  const how = total === null ? "are being counted" : `${hashed} of ${total} files are hashed`;
  return `Pieces: ${how}; the daemon goes on, "mirrorbits health" tells how far it is`;
}
