// The MobileNetV2 that the package nsfwjs carries (ImageNet's trunk, tuned for other classes), as tfjs files: its shards are modules of base64.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { projectRoot } from './imports.ts';

const require = createRequire(import.meta.url);

interface NsfwModel {
  readonly modelTopology: object;
  readonly weightsManifest: readonly { readonly paths: readonly string[]; readonly weights: readonly unknown[] }[];
}

/** Writes model.json and weights.bin into the folder. The network wants pixels in 0..1. */
export const writeNsfwModel = (folder: string): NsfwModel => {
  // the package exports none of it by name
  const place = join(projectRoot, 'node_modules/nsfwjs/dist/models/mobilenet_v2');
  const model: NsfwModel = require(`${place}/model.min.js`);
  const shard: string = require(`${place}/group1-shard1of1.min.js`);
  const [group] = model.weightsManifest;
  const plain = { ...model, weightsManifest: [{ ...group!, paths: ['weights.bin'] }] };
  writeFileSync(join(folder, 'weights.bin'), Buffer.from(shard, 'base64'));
  writeFileSync(join(folder, 'model.json'), JSON.stringify(plain));
  return plain;
};
