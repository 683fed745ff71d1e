// Table: the engines that train and that `tlp doctor` asks, the preferred one first.
import type { engineDevices } from './devices.ts';
import type { Engine } from './engine.ts';
import { onnxEngine } from './onnx/onnx-engine.ts';

const engineTable: { readonly [K in keyof typeof engineDevices]: Engine } = { onnx: onnxEngine };

export const engines: readonly Engine[] = Object.values(engineTable);
