import { fileURLToPath } from "node:url";

/** Directory of the program's own files, which its threads read; `null`: they are in the program. */
export const SOURCES: string | null = Deno.build.standalone
  ? null
  : fileURLToPath(new URL("../../", import.meta.url));
