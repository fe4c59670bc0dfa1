/**
 * Looks whether a transaction went through.
 *
 * @param answers of each command; `null`: it was given up
 * @throws the first error of a command
 */
export function failOnError(answers: [error: Error | null, answer: unknown][] | null): void {
  const error = answers === null
    ? new Error("the transaction was given up")
    : answers.find(([each]) => each !== null)?.[0];
  if (error) throw error;
}
