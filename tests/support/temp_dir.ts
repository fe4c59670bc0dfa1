/** A directory that is removed with everything in it when it is disposed of. */
export interface TempDir extends AsyncDisposable {
  readonly path: string;
}

/** Makes a temporary directory. */
export async function tempDir(prefix = "mirrorbits-test-"): Promise<TempDir> {
  const path = await Deno.makeTempDir({ prefix });
  return {
    path,
    async [Symbol.asyncDispose]() {
      await Deno.remove(path, { recursive: true }).catch(() => {});
    },
  };
}
