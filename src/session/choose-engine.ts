// Verb: engines → the one that trains all runs of a plan.
import type { Device, Engine } from '../runtime/engine/engine.ts';
import { SessionError } from './session-error.ts';

/** The first, which is the preferred one; what `auto` means to it is decided once. Throws SessionError where there is none. */
export const chooseEngine = (engines: readonly Engine[]): Engine => {
  const [engine] = engines;
  if (engine === undefined) throw new SessionError('no engine is there to train with: install tlp anew');
  return steadyEngine(engine);
};

/** `auto` is decided once: all stages and runs use the device of the first. */
const steadyEngine = (engine: Engine): Engine => {
  let chosen: Device | undefined;
  return {
    ...engine,
    open: async (request) => {
      const session = await engine.open({ ...request, device: chosen ?? request.device });
      chosen ??= devices.find((device) => device === session.device);
      return session;
    },
  };
};

const devices: readonly Device[] = ['cpu', 'webgpu', 'cuda'];
