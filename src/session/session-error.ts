// Noun: what was asked cannot be done as it was asked; a person can cure it.

/** `pipeline`: the file has to change. `request`: what was asked for, or what it was asked of. */
export type SessionFault = 'pipeline' | 'request';

/** One clear line with cause and cure. */
export class SessionError extends Error {
  readonly fault: SessionFault;
  constructor(message: string, fault: SessionFault = 'request') {
    super(message);
    this.fault = fault;
  }
}
