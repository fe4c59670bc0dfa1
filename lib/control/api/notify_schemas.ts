import * as v from "valibot";
import { NOTIFY_EVENTS } from "../../config/notify_receiver.ts";
import { FLAG, ID, type Json, TEXT } from "./parts.ts";

/** Who is to be tried. */
export const NOTIFY_TEST_REQUEST = v.looseObject({
  receiver: v.pipe(
    v.optional(v.nullable(ID), null),
    v.description("The receiver, counted from 1 as in the configuration; null: all"),
  ),
});

/** What came of the messages that tried receivers. */
export const NOTIFY_TEST_RESULT = v.object({
  messages: v.array(v.object({
    number: v.pipe(ID, v.description("The receiver, counted from 1")),
    to: v.picklist(["webhook", "mail", "command"]),
    event: v.picklist(NOTIFY_EVENTS),
    sent: FLAG,
    answer: v.pipe(TEXT, v.description("What was answered, or what went wrong")),
  })),
});

/** Who is to be tried. */
export type NotifyTestRequest = Json<typeof NOTIFY_TEST_REQUEST>;
/** What came of it. */
export type NotifyTestJson = Json<typeof NOTIFY_TEST_RESULT>;
