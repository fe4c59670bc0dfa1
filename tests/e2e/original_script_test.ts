import { assertEquals, assertStringIncludes } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { FILES, Sample, type StoreKind } from "./sample.ts";

/** What an operator of the original may have in a cron job; the program is found on the PATH. */
const SCRIPT = `set -eu
m="mirrorbits -p $PORT"
$m add -http "$HTTP" -rsync "$RSYNC" -sponsor-name 'A Sponsor' -admin-email ann@example.org -score 5 fourth
$m scan -enable fourth
$m list -down > down.txt
$m list -http -rsync -state > list.txt
$m show fourth > before.txt
EDITOR="$PWD/editor" $m edit fourth
EDITOR="sed -i s/^Score:.*/Score:\\\\ 9/" $m edit fourth
$m show fourth > after.txt
$m export -rsync=false mirmon > mirmon.txt
$m stats -start-date 2020-01-01 mirror fourth
$m stats file 'pool/.*'
$m logs -l 3 fourth
$m disable fourth
$m remove -f fourth
if $m show fourth; then exit 9; fi
`;

const EDITOR = `#!/bin/sh
sed -i -e 's/^CountryCodes:.*/CountryCodes: de, at/' -e '$a\\
written by a script' "$1"
`;

for (const store of ["embedded", "redis"] satisfies StoreKind[]) {
  Deno.test(`a shell script for the original runs unchanged on the ${store} store`, async () => {
    await using sample = await Sample.start(store);
    const { directory, daemon, servers, rsyncd } = sample;
    const bin = `${directory}/bin`;
    await Deno.mkdir(bin);
    // As the alias of an operator: an editor is a program that the command line may run.
    const [program, ...args] = Daemon.command.map((word) => word === "-P=serve" ? "-P=cli" : word);
    const command = [program, ...args].map((word) => `'${word}'`).join(" ");
    await Deno.writeTextFile(`${bin}/mirrorbits`, `#!/bin/sh\nexec ${command} "$@"\n`, {
      mode: 0o755,
    });
    await Deno.writeTextFile(`${directory}/editor`, EDITOR, { mode: 0o755 });
    await Deno.writeTextFile(`${directory}/script.sh`, SCRIPT);
    const { code, stdout, stderr } = await new Deno.Command("sh", {
      args: ["script.sh"],
      cwd: directory,
      env: {
        PATH: `${bin}:${Deno.env.get("PATH")}`,
        PORT: daemon.cliArgs[1]!,
        HTTP: servers.nl.url,
        RSYNC: rsyncd.url("nl"),
      },
      stdin: "null",
    }).output();
    const out = new TextDecoder().decode(stdout);
    assertEquals(
      [code, new TextDecoder().decode(stderr)],
      [0, "error: No match for 'fourth'\nhint: \"mirrorbits list\" shows the names\n"],
      out,
    );
    const read = (name: string): Promise<string> => Deno.readTextFile(`${directory}/${name}`);
    for (
      const line of [
        "Mirror 'fourth' added successfully",
        `Scanning fourth... ${FILES.length} files indexed, ${FILES.length} known and 0 removed`,
        "  ∟ Enabled",
        "+ CountryCodes: de, at",
        "+ Comment: written by a script",
        "- Score: 5\n+ Score: 9",
        "Mirror 'fourth' edited successfully",
        "Total download requests:",
        "Mirror 'fourth' disabled successfully",
        "Mirror 'fourth' removed successfully",
      ]
    ) assertStringIncludes(out, line);
    assertEquals((await read("down.txt")).includes("jp"), false);
    assertStringIncludes(await read("list.txt"), servers.us.url);
    assertStringIncludes(await read("before.txt"), "Score: 5\n");
    const after = await read("after.txt");
    assertStringIncludes(after, "CountryCodes: DE AT\n");
    assertStringIncludes(after, "Score: 9\n");
    assertStringIncludes(after, "Comment:\nwritten by a script\n");
    assertStringIncludes(await read("mirmon.txt"), `DE\t${servers.nl.url}\tann@example.org\n`);
  });
}
