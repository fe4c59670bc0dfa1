import type { GrantedPermissions, Permissions } from "../config/daemon_permissions.ts";
import { forThisRuntime } from "../config/runtime_permissions.ts";

/** Something that Deno does not allow, in words. */
export interface MissingPermission {
  /** One sentence, without a period, that says what to do. */
  readonly message: string;
  /** Whether the daemon cannot do its work without it. */
  readonly fatal: boolean;
}

/** How to find out what is missing. */
export interface PermissionCheck {
  /** Whether the daemon cannot do without a value; `null`: without all of a permission. */
  readonly isFatal: (name: keyof Permissions, value: string | null) => boolean;
  /** What to do, from the flag that allows it. Default: start with the flag. */
  readonly remedy?: (flag: string) => string;
  /** Default: Deno's own, which asks nobody. */
  readonly query?: (
    descriptor: Deno.PermissionDescriptor,
  ) => Pick<Deno.PermissionStatus, "state">;
}

type SystemCall = NonNullable<Deno.SysPermissionDescriptor["kind"]>;

/** Deno's own descriptor of each permission, for a value or for all of it. */
const DESCRIPTORS: {
  readonly [Name in keyof Permissions]: (value: string | null) => Deno.PermissionDescriptor;
} = {
  read: (path) => path === null ? { name: "read" } : { name: "read", path },
  write: (path) => path === null ? { name: "write" } : { name: "write", path },
  net: (host) => host === null ? { name: "net" } : { name: "net", host },
  run: (command) => command === null ? { name: "run" } : { name: "run", command },
  env: (variable) => variable === null ? { name: "env" } : { name: "env", variable },
  sys: (kind) => kind === null ? { name: "sys" } : { name: "sys", kind: kind as SystemCall },
  ffi: (path) => path === null ? { name: "ffi" } : { name: "ffi", path },
};

/** What is not possible when a permission is missing: for values, which follow, and for all of it. */
const WITHOUT: { readonly [Name in keyof Permissions]: readonly [values: string, all: string] } = {
  read: ["read", "read every file"],
  write: ["write", "write every file"],
  net: ["use the addresses", "use every address"],
  run: ["run or cannot find", "run every program"],
  env: ["read the environment variables", "read every environment variable"],
  sys: ["ask the system for", "ask the system for everything"],
  ffi: ["load the libraries", "load every library"],
};

/**
 * Finds what Deno does not allow, without asking anybody to allow it.
 *
 * @param permissions what the daemon needs
 * @returns at most one sentence for each permission and for what it is fatal
 */
export function missingPermissions(
  permissions: Permissions,
  { isFatal, remedy = (flag) => `start with ${flag}`, query }: PermissionCheck,
): MissingPermission[] {
  const ask = query ?? ((descriptor) => Deno.permissions.querySync(descriptor));
  const needed = forThisRuntime(permissions);
  return (Object.keys(DESCRIPTORS) as (keyof Permissions)[]).flatMap((name) => {
    const granted = (value: string | null): boolean =>
      ask(DESCRIPTORS[name](value && anyOf(value))).state === "granted";
    const [verb, all] = WITHOUT[name];
    const values = needed[name];
    if (values === true) {
      if (granted(null)) return [];
      const message = `Deno may not ${all}: ${remedy(`--allow-${name}`)}`;
      return [{ message, fatal: isFatal(name, null) }];
    }
    const missing = values.filter((value) => !granted(value));
    return [true, false].flatMap((fatal) => {
      const these = missing.filter((value) => isFatal(name, value) === fatal);
      if (these.length === 0) return [];
      const quoted = these.map((value) => `"${value}"`).join(", ");
      const list = these.map((value) => value.replaceAll(",", ",,")).join(",");
      const message = `Deno may not ${verb} ${quoted}: ${remedy(`--allow-${name}=${list}`)}`;
      return [{ message, fatal }];
    });
  });
}

/**
 * Finds what of some permissions Deno allows, and where it allows all of one kind.
 *
 * @param permissions what is asked about
 * @param query default: Deno's own, which asks nobody
 */
export function allowedPermissions(
  permissions: Permissions,
  query: NonNullable<PermissionCheck["query"]> = (descriptor) =>
    Deno.permissions.querySync(descriptor),
): GrantedPermissions {
  const needed = forThisRuntime(permissions);
  const allowed = (name: keyof Permissions): readonly string[] | true => {
    const granted = (value: string | null): boolean =>
      query(DESCRIPTORS[name](value)).state === "granted";
    if (granted(null)) return true;
    const values = needed[name];
    return values === true ? [] : values.filter((value) => granted(anyOf(value)));
  };
  const names = Object.keys(DESCRIPTORS) as (keyof Permissions)[];
  return Object.fromEntries(names.map((name) => [name, allowed(name)])) as GrantedPermissions;
}

/** A star at the end stands for any name that begins so. */
function anyOf(value: string): string {
  return value.replace(/\*$/, "X");
}
