import type { FrontFacts, LocalFacts } from "./front_facts.ts";

/** Writes a server for nginx 1.18 and later. */
export function nginxText({ host, upstream, header, local }: FrontFacts): string {
  const server = upstream.startsWith("/") ? `unix:${upstream}` : upstream;
  return `\
# Mirrorbits behind nginx, for /etc/nginx/conf.d/mirrorbits.conf
upstream mirrorbits {
    server ${server};
    keepalive 16;
}
server {
    # Both, since a client that comes by HTTP is served by more mirrors.
    listen 80;
    listen [::]:80;
    listen 443 ssl;
    listen [::]:443 ssl;
    server_name ${host};
    ssl_certificate /etc/letsencrypt/live/${host}/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/${host}/privkey.pem;
    ssl_session_cache shared:mirrorbits:1m;
    # The daemon has no time-outs of its own.
    client_header_timeout 10s;
    client_body_timeout 10s;
    keepalive_timeout 15s;
    send_timeout 30s;
    location / {
        proxy_pass http://mirrorbits;
        proxy_http_version 1.1;
        proxy_redirect off;
        proxy_connect_timeout 5s;
        proxy_read_timeout 30s;
        # What is large comes at the pace of its reader, not by a file here.
        proxy_max_temp_file_size 0;
        proxy_set_header Connection "";
        proxy_set_header Host $host;
        # Who asks, written anew: what a client says of itself is dropped. Behind another proxy that you
        # trust: $proxy_add_x_forwarded_for, and its addresses in TrustedProxies.
        proxy_set_header ${header} $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
    }
${internal(local)}}
`;
}

/**
 * The location from which nginx sends files that the daemon names to it; none where that is the one in which
 * the daemon is asked.
 */
function internal(local: LocalFacts | null): string {
  const accel = local?.accel;
  if (!local || !accel || accel.header !== "X-Accel-Redirect" || accel.prefix === "/") return "";
  const repository = `${local.repository}/`;
  return `\
    # Files that the daemon names in X-Accel-Redirect (ServeLocally).
    location ${quoted(accel.prefix)} {
        internal;
        alias ${quoted(repository)};
        # Where files of the repository are links, leave this out.
        disable_symlinks on ${quoted(`from=${repository}`)};
    }
`;
}

/** Quotes what would not be one word. */
function quoted(text: string): string {
  return /^[\w./~+:@=-]+$/.test(text) ? text : `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
