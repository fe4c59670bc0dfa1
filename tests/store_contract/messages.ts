import { assertEquals } from "@std/assert";
import { MOST_MESSAGES, type StoredMessage } from "../../lib/store/message_store.ts";
import type { ContractCase } from "../store_contract.ts";
import { TIME } from "./samples.ts";

function message(number: number, values: Partial<StoredMessage> = {}): StoredMessage {
  return {
    id: `id-${number}`,
    receiver: "r",
    node: "host-12345",
    content: `{"text":"☠ '${number}'"}`,
    time: TIME + number,
    attempts: 0,
    due: TIME,
    ...values,
  };
}

/** Messages that wait, and what was told. */
export const messageCases: readonly ContractCase[] = [
  {
    name: "messages.waiting() gives messages back, the oldest first",
    run: async ({ store: { messages } }) => {
      assertEquals(await messages.waiting(), []);
      const [one, two] = [message(1), message(2, { due: null })];
      assertEquals(await messages.change({ put: [one] }), []);
      assertEquals(await messages.change({ put: [two] }), []);
      assertEquals(await messages.waiting(), [one, two]);
      const tried = { ...one, attempts: 3, due: TIME + 5_000 };
      await messages.change({ put: [tried] });
      assertEquals(await messages.waiting(), [tried, two]);
      assertEquals(await messages.message(one.id), tried);
      assertEquals(await messages.message("unknown"), null);
      await messages.change({ remove: [one.id, "unknown"] });
      assertEquals(await messages.waiting(), [two]);
    },
  },
  {
    name: "messages.change() changes nothing when what is expected is not so",
    run: async ({ store: { messages } }) => {
      const told = new Map([["a", "1"], ["b", "2 ☠"]]);
      const first = { expect: { key: "a", value: null }, put: [message(1)], told };
      assertEquals(await messages.change(first), []);
      assertEquals(await messages.change(first), null);
      const wrong = { key: "a", value: "0" };
      const change = { put: [message(2)], remove: ["id-1"], told: new Map([["a", null]]) };
      assertEquals(await messages.change({ ...change, expect: wrong }), null);
      assertEquals(await messages.told(), told);
      assertEquals(await messages.waiting(), [message(1)]);
      assertEquals(await messages.change({ ...change, expect: { key: "a", value: "1" } }), []);
      assertEquals(await messages.told(), new Map([["b", "2 ☠"]]));
      assertEquals(await messages.waiting(), [message(2)]);
    },
  },
  {
    name: "messages.change() drops the oldest of more than 1 000",
    run: async ({ store: { messages } }) => {
      for (let i = 0; i < MOST_MESSAGES; i += 100) {
        const put = Array.from({ length: 100 }, (_, j) => message(i + j));
        assertEquals(await messages.change({ put }), []);
      }
      const put = [message(MOST_MESSAGES), message(MOST_MESSAGES + 1)];
      assertEquals(await messages.change({ put }), [message(0), message(1)]);
      const waiting = await messages.waiting();
      assertEquals(waiting.length, MOST_MESSAGES);
      assertEquals(waiting[0], message(2));
      assertEquals(waiting.at(-1), message(MOST_MESSAGES + 1));
    },
  },
  {
    name: "messages.announce() names this node",
    run: async ({ store: { messages } }) => {
      assertEquals(await messages.announce("host-12345"), ["host-12345"]);
      assertEquals(await messages.announce("host-12345"), ["host-12345"]);
    },
  },
  {
    name: "lock() lets one at a time send a message",
    run: async ({ store }) => {
      const held = await store.lock({ messageId: "id-1" });
      assertEquals(await store.lock({ messageId: "id-1" }), null);
      await using other = await store.lock({ messageId: "id-2" });
      assertEquals(other === null, false);
      await held?.[Symbol.asyncDispose]();
      await using again = await store.lock({ messageId: "id-1" });
      assertEquals(again === null, false);
    },
  },
];
