import type { VersionInfo } from "./api/daemon_schemas.ts";

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
