import type { NotifyReceiver } from "../config/notify_receiver.ts";
import { nameOf } from "./name_of.ts";

/** A receiver, and the name by which the store knows it. */
export interface NamedReceiver {
  /** Tells nothing of its address. */
  readonly name: string;
  /** For people, from 1: as it stands in the configuration. */
  readonly number: number;
  readonly receiver: NotifyReceiver;
}

/**
 * Names receivers by where messages to them go, so that they keep what was told when others come or go,
 * or when a password changes.
 */
export function nameReceivers(receivers: readonly NotifyReceiver[]): NamedReceiver[] {
  const seen = new Map<string, number>();
  return receivers.map((receiver, index) => {
    const name = nameOf(...placeOf(receiver)).slice(0, 12);
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return { name: times === 1 ? name : `${name}-${times}`, number: index + 1, receiver };
  });
}

/** A receiver for people, without what is secret: `webhook hooks.example.org`. */
export function receiverText({ number, receiver }: Omit<NamedReceiver, "name">): string {
  return `Notify entry ${number} (${receiver.to} ${shortPlace(receiver)})`;
}

function shortPlace(receiver: NotifyReceiver): string {
  switch (receiver.to) {
    case "webhook":
      return new URL(receiver.url).hostname;
    case "mail":
      return receiver.recipients.join(", ") || `from ${receiver.from}`;
    case "command":
      return receiver.run[0];
  }
}

function placeOf(receiver: NotifyReceiver): string[] {
  switch (receiver.to) {
    case "webhook":
      return ["webhook", receiver.url];
    case "mail": {
      const { hostname, port } = new URL(receiver.smtp);
      return ["mail", hostname, port, receiver.from, ...receiver.recipients];
    }
    case "command":
      return ["command", ...receiver.run];
  }
}
