// Table: the engines that the command line trains with, the preferred one first.
import type { Engine } from '../../src/runtime/engine/engine.ts';
import { onnxEngine } from '../../src/runtime/engine/onnx/onnx-engine.ts';

export const engines: readonly Engine[] = [onnxEngine];
