// Noun: what was asked cannot be done as it was asked; a person can cure it.

/** `pipeline`: the file has to change. `request`: what was asked for, or what it was asked of. */
export type SessionFault = 'pipeline' | 'request';

/** One clear line with cause and cure; `details` stand below it, a line each. */
export class SessionError extends Error {
  readonly fault: SessionFault;
  readonly details: readonly string[];
  constructor(message: string, fault: SessionFault = 'request', details: readonly string[] = []) {
    super(message);
    this.fault = fault;
    this.details = details;
  }
}
