// Verb: this machine → which devices work here, and why not the others.
import { availableParallelism, cpus } from 'node:os';
import { engineDevices } from '../devices.ts';
import type { DeviceReport } from '../engine.ts';
import { tryDevice } from './trial.ts';
import { TRIAL_GIGAFLOP } from './trial-model.ts';
import { explain } from './users-fault.ts';

const probeDevice = async (device: string): Promise<DeviceReport> => {
  const trial = await tryDevice(device);
  if ('error' in trial) return { engine: 'onnx', device, works: false, detail: explain(device, trial.error) };
  const speed = (TRIAL_GIGAFLOP / trial.milliseconds) * 1000;
  const what =
    device === 'cpu' ? `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? 'unknown'}` : 'adapter found';
  const detail = `${what}; ${speed.toPrecision(2)} GFLOP/s on a 3x3 convolution`;
  return { engine: 'onnx', device, works: true, detail };
};

/** Tries every device, one after the other. */
export const probeDevices = async (): Promise<readonly DeviceReport[]> => {
  const reports: DeviceReport[] = [];
  for (const device of engineDevices.onnx) reports.push(await probeDevice(device));
  return reports;
};
