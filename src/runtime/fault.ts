// Noun: an error on its way from a worker, as plain data: whose fault it is decides what a person is told.
import { shortOf } from './short-of.ts';

export type Fault =
  /** A person can cure it: one clear line. */
  | { readonly kind: 'user'; readonly message: string }
  /** Our own mistake: with the place where it was thrown. */
  | { readonly kind: 'internal'; readonly message: string; readonly stack: string };

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** `isUsers`: whether a person can cure it. A resource of the machine that is short is for a person, whoever throws it. */
export const faultOf = (error: unknown, isUsers: (error: unknown) => boolean): Fault => {
  if (isUsers(error)) return { kind: 'user', message: textOf(error) };
  const short = shortOf(error);
  return short !== null
    ? { kind: 'user', message: short }
    : {
        kind: 'internal',
        message: textOf(error),
        stack: (error instanceof Error ? error.stack : undefined) ?? textOf(error),
      };
};

/** The error to throw on this side: `asUsers` of a user's fault, or one that has the worker's stack. */
export const errorOf = (fault: Fault, asUsers: (message: string) => Error): Error => {
  if (fault.kind === 'user') return asUsers(fault.message);
  const error = new Error(fault.message);
  error.stack = fault.stack;
  return error;
};
