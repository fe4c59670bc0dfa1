import { freePort } from "../../support/free_port.ts";
import { waitFor } from "../../support/wait_for.ts";

/** A web server that lists directories. */
export interface ListingServer extends AsyncDisposable {
  /** Base URL with a trailing slash. */
  readonly url: string;
}

const MODULES = "/usr/lib/apache2/modules";

/** Configurations by name: what is written, and what is started; `null`: no file. */
const SERVERS: Readonly<
  Record<
    string,
    (root: string, port: number, directory: string) => {
      readonly config: string;
      readonly command: readonly [string, ...string[]];
    }
  >
> = {
  apache: (root, port, directory) => ({
    config: `
ServerRoot ${directory}
ServerName localhost
Listen 127.0.0.1:${port}
PidFile ${directory}/apache.pid
ErrorLog ${directory}/apache.log
LoadModule mpm_event_module ${MODULES}/mod_mpm_event.so
LoadModule authz_core_module ${MODULES}/mod_authz_core.so
LoadModule autoindex_module ${MODULES}/mod_autoindex.so
LoadModule mime_module ${MODULES}/mod_mime.so
TypesConfig /etc/mime.types
DocumentRoot ${root}
IndexOptions FancyIndexing VersionSort HTMLTable NameWidth=* DescriptionWidth=* Charset=UTF-8
KeepAlive On
MaxKeepAliveRequests 0
<Directory ${root}>
  Options Indexes
  Require all granted
</Directory>
`,
    command: ["apache2", "-f", `${directory}/config`, "-DFOREGROUND"],
  }),
  "nginx html": nginx("html"),
  "nginx json": nginx("json"),
  lighttpd: (root, port, directory) => ({
    config: `
server.document-root = "${root}"
server.port = ${port}
server.bind = "127.0.0.1"
server.modules = ("mod_dirlisting")
dir-listing.activate = "enable"
server.errorlog = "${directory}/lighttpd.log"
`,
    command: ["lighttpd", "-D", "-f", `${directory}/config`],
  }),
  caddy: (root, port) => ({
    config: "",
    command: ["caddy", "file-server", "--browse", "--root", root, "--listen", `127.0.0.1:${port}`],
  }),
};

function nginx(format: string): (typeof SERVERS)[string] {
  return (root, port, directory) => ({
    config: `
daemon off;
pid ${directory}/nginx.pid;
error_log ${directory}/nginx.log;
events {}
http {
  access_log off;
  keepalive_requests 1000000;
  client_body_temp_path ${directory}; proxy_temp_path ${directory};
  fastcgi_temp_path ${directory}; uwsgi_temp_path ${directory}; scgi_temp_path ${directory};
  server {
    listen 127.0.0.1:${port};
    root ${root};
    autoindex on;
    autoindex_format ${format};
  }
}
`,
    command: ["nginx", "-c", `${directory}/config`],
  });
}

/** Names of the servers. */
export const SERVER_NAMES: readonly string[] = Object.keys(SERVERS);

/**
 * Starts a server of Debian's over a tree.
 *
 * @param name one of {@linkcode SERVER_NAMES}
 * @param directory for its files, which others may write to
 */
export async function startListingServer(
  name: string,
  root: string,
  directory: string,
): Promise<ListingServer> {
  const port = freePort();
  const { config, command: [program, ...args] } = SERVERS[name]!(root, port, directory);
  await Deno.writeTextFile(`${directory}/config`, config);
  const env = { HOME: directory, PATH: "/usr/sbin:/usr/bin:/sbin:/bin" };
  const command = new Deno.Command(program, { args, env, stdout: "null", stderr: "null" });
  const child = command.spawn();
  const url = `http://127.0.0.1:${port}/`;
  await waitFor(async () => {
    try {
      const response = await fetch(url);
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }, { what: `${name} to serve` });
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}
