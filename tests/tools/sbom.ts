/** What the lock file says about a package. */
interface LockedPackage {
  /** `sha512-` and Base64. */
  readonly integrity: string;
  /** Names, with a version where there are several. */
  readonly dependencies?: readonly string[];
}

/** As much of `deno.lock` as is needed here. */
export interface LockFile {
  /** By name and version: `yaml@2.9.1`. */
  readonly npm: Readonly<Record<string, LockedPackage>>;
  /** What the project itself names: `npm:yaml@2.9.1`. */
  readonly workspace: { readonly dependencies: readonly string[] };
}

/** What the bill is about. */
export interface BillSubject {
  readonly name: string;
  readonly version: string;
  /** Its licence, as SPDX names it. */
  readonly license: string;
  /** Milliseconds since the epoch. */
  readonly madeAt: number;
}

/**
 * Writes a software bill of materials: the npm packages in the executable, in CycloneDX 1.6
 * (ECMA-424).
 *
 * @param lock the lock file
 * @param reached which of its packages are in the executable, by name and version
 */
export function softwareBill(
  { name, version, license, madeAt }: BillSubject,
  lock: LockFile,
  reached: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const included = Object.entries(lock.npm).filter(([id]) => reached.has(plainId(id)));
  const known = new Map(included.map(([id]) => [plainId(id), packageUrl(id)]));
  const dependenciesOf = ({ dependencies = [] }: LockedPackage): string[] =>
    dependencies.flatMap((dependency) => {
      const named = [...known].find(([id]) =>
        id === dependency || id.slice(0, id.lastIndexOf("@")) === dependency
      );
      return named ? [named[1]] : [];
    });
  const direct = lock.workspace.dependencies.flatMap((dependency) =>
    known.get(dependency.replace("npm:", "")) ?? []
  );
  const subject = `pkg:generic/${name}@${version}`;
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: new Date(madeAt).toISOString(),
      component: {
        "type": "application",
        "bom-ref": subject,
        name,
        version,
        licenses: [{ license: { id: license } }],
      },
    },
    components: included.map(([id, { integrity }]) => ({
      "type": "library",
      "bom-ref": packageUrl(id),
      name: plainId(id).slice(0, plainId(id).lastIndexOf("@")),
      version: plainId(id).slice(plainId(id).lastIndexOf("@") + 1),
      purl: packageUrl(id),
      hashes: [{ alg: "SHA-512", content: hexadecimal(integrity) }],
    })),
    dependencies: [
      { ref: subject, dependsOn: direct },
      ...included.map(([id, locked]) => ({
        ref: packageUrl(id),
        dependsOn: dependenciesOf(locked),
      })),
    ],
  };
}

/** Without the peers, which the lock file writes behind an underscore. */
function plainId(id: string): string {
  return id.replace(/(?<=.@[^_]*)_.*$/, "");
}

/** The package URL (purl) of an npm package; the at sign of a scope is written as `%40`. */
function packageUrl(id: string): string {
  return `pkg:npm/${plainId(id).replace(/^@/, "%40")}`;
}

function hexadecimal(integrity: string): string {
  const bytes = Uint8Array.from(
    atob(integrity.replace(/^sha512-/, "")),
    (character) => character.charCodeAt(0),
  );
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
