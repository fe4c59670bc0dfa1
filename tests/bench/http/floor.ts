/**
 * The floor: a server that gives every request the same 302 with the same number of headers, after it
 * has looked at what no redirector can do without. Arguments: port, headers as JSON.
 *
 * @module
 */
const [port, json] = Deno.args as [string, string];
const headers = JSON.parse(json) as [string, string][];

Deno.serve(
  { hostname: "127.0.0.1", port: Number(port), onListen: () => {} },
  (request, info) => {
    const path = request.url.slice(request.url.indexOf("/", 8));
    const client = request.headers.get("x-forwarded-for") ?? info.remoteAddr.hostname;
    if (path === "" || client === "") return new Response(null, { status: 400 });
    return new Response(null, { status: 302, headers });
  },
);
