// Noun: the messages between the engine and its worker.
import type { Batch, Weights } from '../engine.ts';
import type { RunnerRequest } from './step-runner.ts';

export type Call = { readonly id: number } & (
  | { readonly name: 'open'; readonly request: RunnerRequest }
  | { readonly name: 'train'; readonly batch: Batch; readonly learningRate: number; readonly iteration: number }
  | { readonly name: 'evaluate' | 'predict'; readonly batch: Batch }
  | { readonly name: 'weights' | 'slots' | 'close' }
  | { readonly name: 'setWeights'; readonly weights: Weights }
  | { readonly name: 'setSlots'; readonly slots: Weights }
);

export type CallName = Call['name'];

export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}
