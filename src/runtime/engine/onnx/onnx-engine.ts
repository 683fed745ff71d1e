// The embedded engine: onnxruntime-node in a worker, so that the terminal stays alive while a step runs.
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { type Channel, workerChannel } from '../../channel.ts';
import { workerUrl } from '../../worker-url.ts';
import { engineDevices } from '../devices.ts';
import type { Engine, EngineRequest, EngineSession } from '../engine.ts';
import './no-telemetry.ts';
import { chooseDevice, forgetDevice } from './choose-device.ts';
import { connect } from './client.ts';
import { probeDevices } from './probe-devices.ts';
import type { Call, Reply } from './protocol.ts';
import { tryDevice } from './trial.ts';
import { deviceError } from './users-fault.ts';

const inWorker = (): Channel<Reply, Call> => workerChannel(new Worker(workerUrl('engine-worker'), { name: 'engine' }));

/** Opens a stage behind a channel, on a device that is not `auto`. `onUsersFault`: told when device or memory fail. */
export const openStage = async (
  channel: Channel<Reply, Call>,
  { model, stage, weights, device }: EngineRequest,
  onUsersFault: () => void = () => {},
): Promise<EngineSession> => {
  const { call, close } = connect(channel, onUsersFault);
  const [height, width, channels] = model.layers[0]?.output_shape ?? [];
  const image = [height!, width!, channels!] as const;
  try {
    await call('open', { stage, weights, device, image, threads: 0 });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    device,
    features: stage.features,
    embed: (batch) => call('embed', batch),
    train: (batch, learningRate, iteration) => call('train', batch, learningRate, iteration),
    evaluate: (batch) => call('evaluate', batch),
    predict: (batch) => call('predict', batch),
    gradients: (batch) => call('gradients', batch),
    apply: (gradients, learningRate, iteration) => call('apply', gradients, learningRate, iteration),
    weights: () => call('weights'),
    setWeights: (next) => call('setWeights', next),
    keep: (name, kept) => call('keep', name, kept),
    restore: (name) => call('restore', name),
    kept: (name) => call('kept', name),
    release: (name) => call('release', name),
    average: (name, momentum) => call('average', name, momentum),
    slots: () => call('slots'),
    setSlots: (slots) => call('setSlots', slots),
    close,
  };
};

/** Devices that worked in this process. */
const worked = new Set<string>(['cpu']);

/** Tries a device that was asked for before a stage is opened on it. Throws EngineError with the cure. */
const ensureDevice = async (device: string): Promise<void> => {
  if (worked.has(device)) return;
  const trial = await tryDevice(device);
  if ('error' in trial) throw deviceError(device, trial.error);
  worked.add(device);
};
const manifest: unknown = createRequire(import.meta.url)('onnxruntime-node/package.json');

const version =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';

/** onnxruntime with the providers of its npm package: CPU and WebGPU; CUDA where its libraries are installed. */
export const onnxEngine: Engine = {
  name: 'onnx',
  version,
  devices: engineDevices.onnx,
  target: { layout: 'nchw', program: true },
  open: async (request) => {
    const device = request.device === 'auto' ? await chooseDevice() : request.device;
    if (request.device !== 'auto') await ensureDevice(device);
    return openStage(inWorker(), { ...request, device }, () => void forgetDevice());
  },
  probe: probeDevices,
};
