/** Size in bytes and modification time of each sample file. */
const FILES: Readonly<Record<string, readonly [size: number, modified: string]>> = {
  "README.txt": [1_200, "2026-01-05T09:00:00Z"],
  "releases/2.0/sample-2.0.iso": [3_000_000, "2026-03-01T12:00:00Z"],
  "releases/2.0/sample-2.0.iso.sig": [566, "2026-03-01T12:01:00Z"],
  "releases/1.9/sample 1.9 (final).tar.gz": [750_000, "2025-11-20T08:30:00Z"],
  "snapshots/nightly.tar.gz": [420_000, "2026-06-30T03:00:00Z"],
};

/** The file that the second mirror lacks. */
export const MISSING_FILE = "releases/2.0/sample-2.0.iso";
/** The file that the third mirror has in an old version. */
export const STALE_FILE = "snapshots/nightly.tar.gz";

/**
 * Makes a small repository.
 *
 * @param directory made if need be
 * @param except paths to leave out
 * @param stale paths to make a day older than they are
 */
export async function makeSample(
  directory: string,
  { except = [], stale = [] }: { except?: readonly string[]; stale?: readonly string[] } = {},
): Promise<void> {
  for (const [path, [size, modified]] of Object.entries(FILES)) {
    if (except.includes(path)) continue;
    const file = `${directory}/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(file, content(path, size));
    const time = new Date(Date.parse(modified) - (stale.includes(path) ? 86_400_000 : 0));
    await Deno.utime(file, time, time);
  }
}

/** The same bytes every time. */
function content(path: string, size: number): Uint8Array {
  const line = new TextEncoder().encode(`${path}\n`);
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at++) bytes[at] = line[at % line.length]!;
  return bytes;
}
