// Verb: calls that arrive through a channel → answers of a step runner, one after the other.
import type { Channel } from '../../channel.ts';
import { faultOf } from '../../fault.ts';
import { EngineError } from '../engine.ts';
import { buffersOf, type Call, type CallName, type Reply } from './protocol.ts';
import { createStepRunner, type StepRunner } from './step-runner.ts';
import { usersFault } from './users-fault.ts';

/** `create` stands for the runner in tests. */
export const serve = (channel: Channel<Call, Reply>, create: typeof createStepRunner = createStepRunner): void => {
  let runner: StepRunner | undefined;
  let device = '';
  const answer = async (call: Call): Promise<unknown> => {
    if (call.name === 'open') {
      const [request] = call.args;
      device = request.device;
      runner = await create(request);
      return undefined;
    }
    if (!runner) throw new Error('the engine is not open');
    const method = runner[call.name] as (
      ...args: Parameters<StepRunner[Exclude<CallName, 'open'>]>
    ) => Promise<unknown>;
    return method(...call.args);
  };
  let queue = Promise.resolve();
  channel.onMessage((call) => {
    queue = queue.then(async () => {
      try {
        const value = await answer(call);
        channel.send({ id: call.id, value }, [...new Set(buffersOf(value))]);
      } catch (error) {
        const users = usersFault(error, device);
        const fault = faultOf(users ?? error, (thrown) => thrown instanceof EngineError);
        channel.send({ id: call.id, fault });
      }
    });
  });
};
