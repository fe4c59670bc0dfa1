import { shellQuoted } from "./terminal/shell_quoted.ts";

/** What is rotated, and who is told. */
export interface RotatedLogs {
  /** Absolute paths. */
  readonly files: readonly string[];
  /** Absolute path of the daemon's PID file. */
  readonly pidFile: string;
}

/** Writes a configuration for logrotate: a file a day, a month long; the daemon opens its logs again itself. */
export function logrotateText({ files, pidFile }: RotatedLogs): string {
  return `\
# Logs of Mirrorbits, for /etc/logrotate.d/mirrorbits
${files.map(quoted).join("\n")}
{
    daily
    rotate 30
    missingok
    notifempty
    compress
    delaycompress
    nocreate
    sharedscripts
    postrotate
        # SIGUSR1: open the logs again.
        if [ -s ${shellQuoted(pidFile)} ]; then kill -USR1 "$(cat ${shellQuoted(pidFile)})"; fi
    endscript
}
`;
}

/** Names may hold white space, and what stands for other names. */
function quoted(path: string): string {
  return `"${path.replaceAll(/[*?[\\]/g, (character) => `\\${character}`)}"`;
}
