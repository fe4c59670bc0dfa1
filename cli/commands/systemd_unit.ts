import { isPassingPlace } from "../../lib/config/passing_place.ts";
import { defineCommand } from "../command.ts";
import { fileFlag } from "../flags.ts";
import { systemdUnit } from "../systemd_unit.ts";

/** The program, where it lies in npm's cache of packages that are run without being installed. */
function passingPlace([executable = ""]: readonly string[]): string | null {
  return isPassingPlace(executable) ? executable : null;
}

/** `systemd-unit`: what makes systemd run the daemon. */
export default defineCommand({
  name: "systemd-unit",
  group: "local",
  usage: "[OPTIONS]",
  summary: "Print a unit for systemd",
  description: "Print a unit that makes systemd run the daemon, with no more rights than it needs",
  details: "It runs as the user mirrorbits, or as one that systemd makes up, who must be able\n" +
    "to read the repository. systemd is told when the daemon is ready, reloads and stops,\n" +
    "and starts it again when it hangs.",
  examples: [
    ["mirrorbits systemd-unit > /etc/systemd/system/mirrorbits.service", "install it"],
    ["systemctl enable --now mirrorbits", "then: start it, now and at every boot"],
  ],
  flags: {
    config: fileFlag("Path to the configuration file (/etc/mirrorbits.conf if not given)"),
  },
  operands: [0, 0],
  run: ({ flags }, { output, program, absolutePath }) => {
    const configFile = absolutePath(flags.config || "/etc/mirrorbits.conf");
    const passing = passingPlace(program);
    if (passing !== null) {
      output.error(
        `A unit cannot run ${passing}: npx keeps it in a cache of this user, which may go`,
        "Install Deno for all users (npm install -g deno), or use the executable, and run this with it",
      );
      return Promise.resolve(1);
    }
    output.write(systemdUnit(program, configFile));
    return Promise.resolve(0);
  },
});
