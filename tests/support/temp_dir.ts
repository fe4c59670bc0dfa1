/** A directory that is removed with everything in it when it is disposed of. */
export interface TempDir extends AsyncDisposable {
  readonly path: string;
}

/** Makes a temporary directory. @param dir where; default: where the system has them */
export async function tempDir(prefix = "mirrorbits-test-", dir?: string): Promise<TempDir> {
  const path = await Deno.makeTempDir(dir === undefined ? { prefix } : { prefix, dir });
  return {
    path,
    async [Symbol.asyncDispose]() {
      await Deno.remove(path, { recursive: true }).catch(() => {});
    },
  };
}
