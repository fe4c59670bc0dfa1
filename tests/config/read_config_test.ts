import { assertEquals, assertRejects } from "@std/assert";
import { ConfigError } from "../../lib/config/config_error.ts";
import { readConfig, type ReadConfigOptions } from "../../lib/config/read_config.ts";
import { tempDir } from "../support/temp_dir.ts";

const OPTIONS: ReadConfigOptions = {
  environment: { HOME: "/home/x" },
  flags: {},
  workingDirectory: "/work",
};

Deno.test("readConfig() reads the file that is named", async () => {
  await using directory = await tempDir();
  const configFile = `${directory.path}/m.conf`;
  await Deno.writeTextFile(configFile, "Repository: /repo\nRepositoryy: x\n");
  const { config, warnings, file } = await readConfig({ ...OPTIONS, configFile });
  assertEquals(config.repository, "/repo");
  assertEquals(file, configFile);
  assertEquals(warnings.length, 1);
});

Deno.test("readConfig() reads the default file, or does without", async () => {
  await using directory = await tempDir();
  const defaultFile = `${directory.path}/m.conf`;
  const flags = { repository: "/flag" };
  const without = await readConfig({ ...OPTIONS, flags, defaultFile });
  assertEquals([without.file, without.config.gzip, without.warnings], [null, false, []]);
  await Deno.writeTextFile(defaultFile, "Gzip: yes\n");
  const withFile = await readConfig({ ...OPTIONS, flags, defaultFile });
  assertEquals([withFile.file, withFile.config.gzip], [defaultFile, true]);
});

Deno.test("readConfig() says why a file cannot be read", async () => {
  await using directory = await tempDir();
  const notText = `${directory.path}/binary`;
  await Deno.writeFile(notText, Uint8Array.of(0x61, 0xff, 0xfe));
  const cases: [string, string][] = [
    [`${directory.path}/absent`, `Cannot read "${directory.path}/absent": There is no such file`],
    [directory.path, `Cannot read "${directory.path}": It is a directory`],
    [notText, `Cannot read "${notText}": It is not text in UTF-8`],
  ];
  for (const [configFile, message] of cases) {
    const error = await assertRejects(() => readConfig({ ...OPTIONS, configFile }), ConfigError);
    assertEquals(error.message, message);
  }
});

Deno.test({
  name: "readConfig() names the permission that is missing",
  permissions: { read: false },
  async fn() {
    await assertRejects(
      () => readConfig({ ...OPTIONS, configFile: "/etc/m.conf" }),
      ConfigError,
      'Cannot read "/etc/m.conf": Deno may not read it, allow that with --allow-read=/etc/m.conf',
    );
    const { warnings } = await readConfig({ ...OPTIONS, flags: { repository: "/repo" } });
    assertEquals(warnings, [
      'Cannot read "/etc/mirrorbits.conf", going on without it: ' +
      "Deno may not read it, allow that with --allow-read=/etc/mirrorbits.conf",
    ]);
  },
});
