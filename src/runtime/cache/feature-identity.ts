// Verb: a run of the plan → what names the features of its first stage before anything is compiled or read.
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import type { RunPlan } from '../../compiler/plan/plan.ts';

/** What the weights are known by without reading them; null where only training decides them. */
const weightsIdentity = ({ backbone: { weights }, continues, seed }: RunPlan): readonly unknown[] | null => {
  if (continues !== null) return null;
  switch (weights.kind) {
    case 'none':
      return ['none', seed, weights];
    case 'imagenet':
      return ['imagenet'];
    case 'run':
      return null;
    case 'file': {
      const file = statSync(weights.path, { throwIfNoEntry: false });
      return file === undefined ? null : ['file', weights.path, weights.skip_mismatch, file.size, file.mtimeMs];
    }
  }
};

/**
 * Two runs of one identity have the same features on one engine and device, unless a weight file was changed behind its size and time: a
 * hint for `tlp plan`, never a key. `frontier`: the last layers of the constant part. Null where it cannot be told.
 */
export const featureIdentity = (run: RunPlan, frontier: readonly string[]): string | null => {
  const weights = weightsIdentity(run);
  if (weights === null) return null;
  const { weights: _, ...backbone } = run.backbone;
  const { image, resize, normalize } = run.data;
  const facts = [backbone, weights, frontier, image, resize, normalize];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
};
