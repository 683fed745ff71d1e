// Two ends of a channel in this process. Messages are cloned and arrive later, as between threads.
import type { Channel } from '../../src/runtime/channel.ts';

interface End<Incoming, Outgoing> {
  readonly channel: Channel<Incoming, Outgoing>;
  receive(message: Incoming): void;
  lose(why: Error): void;
}

const createEnd = <Incoming, Outgoing>(deliver: (message: Outgoing) => void): End<Incoming, Outgoing> => {
  let onMessage: (message: Incoming) => void = () => {};
  let onClose: (why: Error) => void = () => {};
  return {
    channel: {
      send: (message, transfer = []) => {
        const copy = structuredClone(message, { transfer: [...transfer] });
        setImmediate(() => deliver(copy));
      },
      onMessage: (handler) => {
        onMessage = handler;
      },
      onClose: (handler) => {
        onClose = handler;
      },
      close: async () => onClose(new Error('closed')),
    },
    receive: (message) => onMessage(message),
    lose: (why) => onClose(why),
  };
};

/** `near` talks to `far`. `lose`: the far side is gone, as `near` sees it. */
export const memoryChannel = <ToNear, ToFar>() => {
  const near = createEnd<ToNear, ToFar>((message) => far.receive(message));
  const far = createEnd<ToFar, ToNear>((message) => near.receive(message));
  return { near: near.channel, far: far.channel, lose: near.lose };
};
