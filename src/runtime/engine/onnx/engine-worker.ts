// Worker entry: answers the engine's calls with a step runner, one after the other.
import { parentPort } from 'node:worker_threads';
import type { Call, CallName, Reply } from './protocol.ts';
import { createStepRunner, type StepRunner } from './step-runner.ts';

let runner: StepRunner | undefined;

const opened = (): StepRunner => {
  if (!runner) throw new Error('the engine is not open');
  return runner;
};

type Answers = { readonly [K in CallName]: (call: Extract<Call, { readonly name: K }>) => Promise<unknown> };

const answers: Answers = {
  open: async ({ request }) => {
    runner = await createStepRunner(request);
  },
  train: ({ batch, learningRate, iteration }) => opened().train(batch, learningRate, iteration),
  evaluate: ({ batch }) => opened().evaluate(batch),
  predict: ({ batch }) => opened().predict(batch),
  weights: async () => opened().weights(),
  setWeights: ({ weights }) => opened().setWeights(weights),
  slots: async () => opened().slots(),
  setSlots: async ({ slots }) => opened().setSlots(slots),
  close: async () => opened().close(),
};

let queue = Promise.resolve();
parentPort?.on('message', (call: Call) => {
  queue = queue.then(async () => {
    const answer = answers[call.name] as (call: Call) => Promise<unknown>;
    const reply: Reply = await answer(call).then(
      (value) => ({ id: call.id, value }),
      (error: unknown) => ({ id: call.id, error: error instanceof Error ? error.message : String(error) }),
    );
    parentPort?.postMessage(reply);
  });
});
