import manifest from "../deno.json" with { type: "json" };

/** The version of the program, from deno.json; without a leading `v`. */
export const VERSION: string = manifest.version;
