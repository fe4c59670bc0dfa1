/**
 * Hashes `file` in a directory, the only argument, on a thread of its own. Prints how many threads of
 * this process step back further than the process itself: before that, and while the thread waits for
 * more.
 *
 * @module
 */
import { HashThread } from "../../lib/scan/hash_thread.ts";

const [directory] = Deno.args as [string];
const before = niceThreads();
using thread = new HashThread(directory, { sha1: false, sha256: true, md5: false }, () => {});
await thread.hash([{ path: "/file", size: 3, modTime: 0 }]);
Deno.stdout.writeSync(new TextEncoder().encode(`${before} ${niceThreads()}\n`));

function niceThreads(): number {
  const own = niceOf("/proc/self");
  const threads = [...Deno.readDirSync("/proc/self/task")];
  return threads.filter(({ name }) => niceOf(`/proc/self/task/${name}`) > own).length;
}

/** How far a thread steps back, as `nice` has it; 0 when it has ended meanwhile. */
function niceOf(directory: string): number {
  try {
    const stat = Deno.readTextFileSync(`${directory}/stat`);
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]);
  } catch {
    return 0;
  }
}
