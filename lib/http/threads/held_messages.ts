/**
 * Makes a way to send that holds messages back until something else is done, and keeps their order.
 *
 * @param send takes in a message
 * @param done what to wait for; how it ends does not matter
 */
export function holdMessages<Message>(
  send: (message: Message) => void,
  done: Promise<unknown>,
): (message: Message) => void {
  let held: Message[] | null = [];
  const release = (): void => {
    for (const message of held ?? []) send(message);
    held = null;
  };
  done.then(release, release);
  return (message) => held === null ? send(message) : void held.push(message);
}
