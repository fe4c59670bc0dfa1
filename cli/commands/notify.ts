import { defineCommand } from "../command.ts";
import { UsageError } from "../flags.ts";

/** `notify`: tries who is told what happens. */
export default defineCommand({
  name: "notify",
  group: "client",
  usage: "test [N]",
  summary: "Send test messages",
  description:
    "Send one message of each event to the receivers of the key Notify, or to the Nth, " +
    "and print what was answered",
  details: "The first failure of a receiver is its last message. More: mirrorbits help notify",
  examples: [["mirrorbits notify test 2", "try the second receiver"]],
  flags: {},
  operands: [1, 2],
  completes: [["test"]],
  run: async ({ operands: [action, number] }, { client, output }) => {
    if (action !== "test") throw new UsageError(`Expected test, found ${JSON.stringify(action)}`);
    if (number !== undefined && !/^[1-9]\d{0,3}$/.test(number)) {
      throw new UsageError(`N must be a number from 1, found ${JSON.stringify(number)}`);
    }
    const receiver = number === undefined ? null : Number(number);
    const messages = await client.testNotify(receiver);
    if (messages.length === 0) output.line("Nobody is told anything: Notify is empty");
    for (const { number, to, event, sent, answer } of messages) {
      output.line(`${number} ${to} ${event}: ${sent ? "sent" : "failed"}, ${answer}`);
    }
    return messages.every(({ sent }) => sent) ? 0 : 1;
  },
});
