import type { FrontFacts } from "./front_facts.ts";

/** Writes a Caddyfile for Caddy 2.6 and later, which gets certificates by itself. */
export function caddyText({ host, upstream, header, local }: FrontFacts): string {
  const server = upstream.startsWith("/") ? `unix/${upstream}` : upstream;
  // It writes X-Forwarded-For and X-Forwarded-Proto by itself.
  const asker = header.toLowerCase() === "x-forwarded-for"
    ? ""
    : `\n        header_up ${header} {remote_host}`;
  // It is for an answer as a whole, and a file may take hours.
  const write = local === null ? "\n            write 10m" : "";
  return `\
# Mirrorbits behind Caddy, for /etc/caddy/Caddyfile
{
    servers {
        # The daemon has no time-outs of its own.
        timeouts {
            read_header 10s
            read_body 10s${write}
            idle 1m
        }
    }
}
(mirrorbits) {
    # Who asks is written anew: what a client says of itself is dropped.
    reverse_proxy ${server} {
        transport http {
            dial_timeout 5s
            response_header_timeout 30s
        }${asker}
    }
}
# Both, since a client that comes by HTTP is served by more mirrors.
http://${host} {
    import mirrorbits
}
https://${host} {
    # Caddy gets a certificate; your own: tls CERTIFICATE KEY
    import mirrorbits
}
`;
}
