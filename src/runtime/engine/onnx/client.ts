// Verb: calls → messages through a channel, and the answers that come back by number.
import type { Channel } from '../../channel.ts';
import { errorOf } from '../../fault.ts';
import { EngineError } from '../engine.ts';
import { buffersOf, type Call, type CallName, type Calls, type Reply } from './protocol.ts';
import { usersFault } from './users-fault.ts';

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Calls whose arrays are handed over: those that take a batch, which nobody uses afterwards. */
const HANDED: ReadonlySet<CallName> = new Set(['embed', 'train', 'evaluate', 'predict', 'gradients']);

export interface Client {
  /** Throws EngineError for what a person can cure, other errors with the stack of the other side. */
  call<K extends CallName>(name: K, ...args: Parameters<Calls[K]>): ReturnType<Calls[K]>;
  close(): Promise<void>;
}

/** `onUsersFault`: told of each answer that says that a person can cure it. */
export const connect = (channel: Channel<Reply, Call>, onUsersFault: () => void = () => {}): Client => {
  const pending = new Map<number, Pending>();
  let count = 0;
  let failure: Error | undefined;
  channel.onMessage((reply) => {
    const call = pending.get(reply.id);
    pending.delete(reply.id);
    if (!('fault' in reply)) return call?.resolve(reply.value);
    if (reply.fault.kind === 'user') onUsersFault();
    call?.reject(errorOf(reply.fault, (message) => new EngineError(message)));
  });
  channel.onClose((why) => {
    failure ??= usersFault(why, 'cpu') ?? why;
    for (const { reject } of pending.values()) reject(failure);
    pending.clear();
  });
  const call = (name: CallName, ...args: readonly unknown[]): Promise<unknown> => {
    if (failure) return Promise.reject(failure);
    count += 1;
    const id = count;
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve, reject });
      channel.send({ id, name, args } as Call, HANDED.has(name) ? [...new Set(buffersOf(args))] : []);
    });
  };
  return {
    call: call as Client['call'],
    async close() {
      await call('close').catch(() => undefined);
      failure ??= new EngineError('the engine is closed');
      await channel.close();
    },
  };
};
