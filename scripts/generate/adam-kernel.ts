// Verb: the Adam kernel's text to a module that holds its bytes.
import { readFileSync } from 'node:fs';
import loadWabt from 'wabt';

const wabt = await loadWabt();

/** src/runtime/engine/onnx/adam-kernel.ts. Throws where the text is wrong. */
export const adamKernelText = (): string => {
  const path = new URL('../../src/runtime/engine/onnx/adam.wat', import.meta.url);
  const module = wabt.parseWat('adam.wat', readFileSync(path, 'utf8'), { simd: true });
  const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
  module.destroy();
  const lines = base64.match(/.{1,100}/g) ?? [];
  return `// Generated from adam.wat by \`npm run generate\`: a WebAssembly module in base64.
export const adamKernel =
${lines.map((line) => `  '${line}'`).join(' +\n')};
`;
};
