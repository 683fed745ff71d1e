// Noun: the messages between the engine and what runs its stages: calls by name, answered by number.
import type { Fault } from '../../fault.ts';
import type { RunnerRequest, StepRunner } from './step-runner.ts';

/** What may be called, as functions. */
export interface Calls extends StepRunner {
  /** Comes first. */
  open(request: RunnerRequest): Promise<void>;
}

export type CallName = keyof Calls;

export type Call = {
  readonly [K in CallName]: { readonly id: number; readonly name: K; readonly args: Parameters<Calls[K]> };
}[CallName];

export type Reply = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly fault: Fault };

/** Buffers of the float arrays in a value of maps and plain objects: what may be handed over with it. */
export const buffersOf = (value: unknown): readonly ArrayBuffer[] => {
  if (value instanceof Float32Array) return value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
  if (value instanceof Map) return [...value.values()].flatMap(buffersOf);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(buffersOf) : [];
};
