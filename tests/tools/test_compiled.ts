/**
 * Runs the end-to-end tests against the executable, which is compiled first: `deno task
 * test:compiled`. Where no executable can be made, that is said and counts as a failure. With `-otel` it
 * is the executable that has OpenTelemetry on, and the tests of that.
 *
 * @module
 */
import { BASE_HINT, compile, denoForCompile, megabytes } from "./compile.ts";
import { denoMessage } from "./deno_message.ts";
import { WITH_TEST_LOCK } from "./test_lock.ts";

const encoder = new TextEncoder();
const say = (message: string): void => {
  Deno.stdout.writeSync(encoder.encode(`${message}\n`));
};

const root = new URL("../../", import.meta.url).pathname;
const directory = await Deno.makeTempDir({ prefix: "mirrorbits-compiled-" });
// Tests run it as another user too.
await Deno.chmod(directory, 0o755);
let code = 1;
const telemetry = Deno.args.includes("-otel");
const given = Deno.args.filter((arg) => arg !== "-otel");
try {
  const executable = `${directory}/mirrorbits`;
  const { size, output } = await compile({ output: executable, telemetry });
  if (size === 0) {
    say(
      `error: Cannot test the executable, it cannot be compiled with "${denoForCompile()}": ` +
        denoMessage(output),
    );
    say(`hint: ${BASE_HINT}`);
  } else {
    say(`Testing the executable of ${megabytes(size)}`);
    const every = telemetry ? ["tests/e2e/telemetry_test.ts"] : ["tests/e2e", "tests/compiled"];
    const filters = given.length > 0 ? given : every;
    const status = await new Deno.Command(Deno.execPath(), {
      args: ["test", WITH_TEST_LOCK, "-P=test", ...filters],
      cwd: root,
      env: {
        MIRRORBITS_EXECUTABLE: executable,
        MIRRORBITS_EXECUTABLE_TELLS: `${telemetry}`,
      },
      stdin: "null",
    }).spawn().status;
    code = status.code;
  }
} finally {
  await Deno.remove(directory, { recursive: true });
}
Deno.exit(code);
