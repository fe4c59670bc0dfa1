import { hostnameOf } from "../catalog/mirror_url.ts";
import type { MirrorSettings } from "../catalog/settings/mirror_settings.ts";

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/**
 * Lists the hosts that the daemon itself connects to for a mirror: by HTTP for health checks and trace
 * files, and by FTP, where data comes from any port. rsync is a program of its own.
 */
export function mirrorHosts(
  { httpUrl, ftpUrl }: Pick<MirrorSettings, "httpUrl" | "ftpUrl">,
): string[] {
  const [, scheme] = /^(https?):\/\//i.exec(httpUrl) ?? [];
  const schemes = scheme === undefined ? ["http", "https"] : [scheme.toLowerCase()];
  const ftpHost = ftpUrl === "" ? null : hostnameOf(ftpUrl);
  const url = URL.parse(scheme === undefined ? `http://${httpUrl}` : httpUrl);
  if (!url) return [];
  const ports = url.port === "" ? schemes.map((one) => PORTS[one]) : [url.port];
  const ftp = ftpHost === null ? [] : [ftpHost.includes(":") ? `[${ftpHost}]` : ftpHost];
  return [...ports.map((port) => `${url.hostname}:${port}`), ...ftp];
}
