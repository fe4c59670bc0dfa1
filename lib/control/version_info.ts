/** What a program is and what it runs on. */
export interface VersionInfo {
  /** Without a leading `v`. */
  readonly version: string;
  /** Version of Deno. */
  readonly deno: string;
  /** Version of the JavaScript engine. */
  readonly v8: string;
  readonly os: string;
  readonly architecture: string;
  /** Logical processors. */
  readonly cpus: number;
}

/**
 * Tells what this program is and what it runs on.
 *
 * @param version of the program, without a leading `v`
 */
export function versionInfo(version: string): VersionInfo {
  return {
    version,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    os: Deno.build.os,
    architecture: Deno.build.arch,
    cpus: navigator.hardwareConcurrency,
  };
}
