/**
 * Writes a unit for systemd.
 *
 * @param program the command that runs this program: a path and its arguments
 * @param configFile path of the configuration
 */
export function systemdUnit(program: readonly string[], configFile: string): string {
  const command = [...program, "daemon", "-config", configFile].map(quoted).join(" ");
  // A program that Deno runs keeps its packages in a cache.
  const cache = program.length === 1
    ? ""
    : "CacheDirectory=mirrorbits\nEnvironment=DENO_DIR=/var/cache/mirrorbits\n";
  return `[Unit]
Description=Mirrorbits download redirector
After=network-online.target redis.service
Wants=network-online.target

[Service]
Type=notify
NotifyAccess=main
ExecStart=${command}
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=2
WatchdogSec=60
TimeoutStartSec=300
# Running requests have 10 seconds
TimeoutStopSec=30
# After "mirrorbits upgrade", the process before may still be finishing requests
KillMode=mixed
# A user of that name is taken if there is one, else one is made up: it must be able to read the repository
DynamicUser=yes
User=mirrorbits
# The embedded store, the PID file, the logs (LogDir: /var/log/mirrorbits)
StateDirectory=mirrorbits
RuntimeDirectory=mirrorbits
LogsDirectory=mirrorbits
StateDirectoryMode=0750
LogsDirectoryMode=0750
# Nobody else reads what is stored and logged
UMask=0027
${cache}LimitNOFILE=65536
# Ports below 1024
AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service @pkey
SystemCallErrorNumber=EPERM
# No MemoryDenyWriteExecute: JavaScript is compiled while it runs

[Install]
WantedBy=multi-user.target
`;
}

/** A word of a command line of systemd; `%` and `$` stand for themselves. */
function quoted(word: string): string {
  const plain = word.replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /^[\w@%+=:,./$-]+$/.test(plain)
    ? plain
    : `"${plain.replace(/[\\"]/g, (character) => `\\${character}`)}"`;
}
