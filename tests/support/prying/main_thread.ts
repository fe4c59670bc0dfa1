import { type Attempts, type Outcomes, pry } from "../pry.ts";

const QUESTIONS = "mirrorbits-test-pry";
const ANSWERS = "mirrorbits-test-pried";

/** Has the main thread, where {@linkcode obeyPrying} was called, try things. */
export async function askMain(attempts: Attempts): Promise<Outcomes> {
  const questions = new BroadcastChannel(QUESTIONS);
  const answers = new BroadcastChannel(ANSWERS);
  try {
    return await new Promise((resolve) => {
      answers.onmessage = ({ data }) => resolve(data);
      questions.postMessage(attempts);
    });
  } finally {
    questions.close();
    answers.close();
  }
}

/** Tries in this thread what others ask for. */
export function obeyPrying(): void {
  const questions = new BroadcastChannel(QUESTIONS);
  const answers = new BroadcastChannel(ANSWERS);
  questions.onmessage = async ({ data }) => answers.postMessage(await pry(data));
}
