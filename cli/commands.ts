import type { Command, CommandList } from "./command.ts";

/** Loads each command by its name; only the one that is run is loaded, so that it starts at once. */
const LOADERS: Readonly<Record<string, () => Promise<{ readonly default: Command }>>> = {
  add: () => import("./commands/add.ts"),
  check: () => import("./commands/check.ts"),
  completion: () => import("./commands/completion.ts"),
  config: () => import("./commands/config.ts"),
  daemon: () => import("./commands/daemon.ts"),
  disable: () => import("./commands/disable.ts"),
  edit: () => import("./commands/edit.ts"),
  enable: () => import("./commands/enable.ts"),
  events: () => import("./commands/events.ts"),
  explain: () => import("./commands/explain.ts"),
  export: () => import("./commands/export.ts"),
  forget: () => import("./commands/forget.ts"),
  geoip: () => import("./commands/geoip.ts"),
  geoupdate: () => import("./commands/geoupdate.ts"),
  health: () => import("./commands/health.ts"),
  help: () => import("./commands/help.ts"),
  hold: () => import("./commands/hold.ts"),
  import: () => import("./commands/import.ts"),
  list: () => import("./commands/list.ts"),
  logs: () => import("./commands/logs.ts"),
  nodes: () => import("./commands/nodes.ts"),
  note: () => import("./commands/note.ts"),
  notify: () => import("./commands/notify.ts"),
  permissions: () => import("./commands/permissions.ts"),
  refresh: () => import("./commands/refresh.ts"),
  release: () => import("./commands/release.ts"),
  reload: () => import("./commands/reload.ts"),
  remove: () => import("./commands/remove.ts"),
  rollout: () => import("./commands/rollout.ts"),
  rules: () => import("./commands/rules.ts"),
  scan: () => import("./commands/scan.ts"),
  sets: () => import("./commands/sets.ts"),
  show: () => import("./commands/show.ts"),
  simulate: () => import("./commands/simulate.ts"),
  stats: () => import("./commands/stats.ts"),
  store: () => import("./commands/store.ts"),
  sync: () => import("./commands/sync.ts"),
  "systemd-unit": () => import("./commands/systemd_unit.ts"),
  upgrade: () => import("./commands/upgrade.ts"),
  version: () => import("./commands/version.ts"),
};

/** The commands of the program. */
export const COMMANDS: CommandList = {
  names: Object.keys(LOADERS),
  load: async (name) => {
    const key = name.toLowerCase();
    const load = Object.hasOwn(LOADERS, key) ? LOADERS[key] : undefined;
    return load ? (await load()).default : null;
  },
  all: async () =>
    await Promise.all(Object.values(LOADERS).map(async (load) => (await load()).default)),
};
