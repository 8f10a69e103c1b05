/** What a person did or asked cannot be done; the message says what to do instead. Exit code 1, no stack. */
export class CommandError extends Error {
  override name = 'CommandError';
}
