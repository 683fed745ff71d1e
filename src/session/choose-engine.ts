// Verb: engines → the one that trains all runs of a plan.
import type { Engine } from '../runtime/engine/engine.ts';
import { SessionError } from './session-error.ts';

/** The first that has the device; for `auto` the first of all. What `auto` means to it is decided once. Throws SessionError where there is none. */
export const chooseEngine = (engines: readonly Engine[], device: string): Engine => {
  const engine = engines.find(({ devices }) => device === 'auto' || devices.includes(device));
  if (engine === undefined)
    throw new SessionError(`no engine here has the device '${device}': tlp doctor shows what works`);
  return steadyEngine(engine);
};

/** `auto` is decided once: all stages and runs use the device of the first. */
const steadyEngine = (engine: Engine): Engine => {
  let chosen: string | undefined;
  return {
    ...engine,
    open: async (request) => {
      const session = await engine.open({ ...request, device: chosen ?? request.device });
      chosen ??= session.device;
      return session;
    },
  };
};
