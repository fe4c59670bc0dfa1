/** Where the PID file goes when no flag says so. */
export function defaultPidFile(environment: { get(name: string): string | undefined }): string {
  const runtimeDirectory = environment.get("XDG_RUNTIME_DIR");
  return runtimeDirectory ? `${runtimeDirectory}/mirrorbits.pid` : "/run/mirrorbits/mirrorbits.pid";
}
