/** An error that a user can do something about: its message says all, its code is stable. */
export class CordonError extends Error {
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "CordonError";
    this.code = code;
  }
}
