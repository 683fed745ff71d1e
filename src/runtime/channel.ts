// Noun: two ends that send each other messages: this thread and a worker today, a process or a machine as well.
import type { MessagePort, Worker } from 'node:worker_threads';

/** One end. Messages arrive in the order in which they were sent. */
export interface Channel<Incoming, Outgoing> {
  /** Buffers that are named may be handed over instead of copied: do not use them afterwards. */
  send(message: Outgoing, transfer?: readonly ArrayBuffer[]): void;
  onMessage(handler: (message: Incoming) => void): void;
  /** Told when the other end is gone, and why. */
  onClose(handler: (why: Error) => void): void;
  close(): Promise<void>;
}

/** A worker, seen from outside. While it owes as many answers as it was sent messages, it keeps the process alive. */
export const workerChannel = <Incoming, Outgoing>(worker: Worker): Channel<Incoming, Outgoing> => {
  let owed = 0;
  worker.unref();
  worker.on('message', () => {
    owed -= 1;
    if (owed === 0) worker.unref();
  });
  return {
    send: (message, transfer = []) => {
      worker.postMessage(message, [...transfer]);
      owed += 1;
      worker.ref();
    },
    onMessage: (handler) => void worker.on('message', handler),
    onClose: (handler) => {
      worker.on('error', handler);
      worker.on('exit', (code) => handler(new Error(`the worker ended (exit code ${code})`)));
    },
    close: async () => void (await worker.terminate()),
  };
};

/** The worker's own end. */
export const portChannel = <Incoming, Outgoing>(port: MessagePort): Channel<Incoming, Outgoing> => ({
  send: (message, transfer = []) => port.postMessage(message, [...transfer]),
  onMessage: (handler) => void port.on('message', handler),
  onClose: (handler) => void port.on('close', () => handler(new Error('the other side is gone'))),
  close: async () => port.close(),
});
