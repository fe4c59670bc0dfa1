import type { FrontFacts } from "./front_facts.ts";

/** Writes a frontend and a backend for HAProxy 2.4 and later. */
export function haproxyText({ host, upstream, header }: FrontFacts): string {
  const server = upstream.startsWith("/") ? `unix@${upstream}` : upstream;
  return `\
# Mirrorbits behind HAProxy, to be appended to /etc/haproxy/haproxy.cfg
frontend mirrorbits_web
    mode http
    # Both, since a client that comes by HTTP is served by more mirrors.
    bind :::80 v4v6
    # The certificate and its key in one file.
    bind :::443 v4v6 ssl crt /etc/haproxy/certs/${host}.pem alpn h2,http/1.1
    # The daemon has no time-outs of its own.
    timeout client 30s
    timeout http-request 10s
    timeout http-keep-alive 15s
    # Who asks, written anew: what a client says of itself is dropped.
    http-request set-header ${header} %[src]
    http-request set-header X-Forwarded-Proto https if { ssl_fc }
    http-request set-header X-Forwarded-Proto http if !{ ssl_fc }
    default_backend mirrorbits
backend mirrorbits
    mode http
    timeout connect 5s
    timeout server 30s
    timeout queue 5s
    http-reuse always
    option httpchk GET /?healthz
    server local ${server} check inter 5s
`;
}
