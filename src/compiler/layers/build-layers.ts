// Verb: RunPlan → LayersModel, with all problems of its shapes and names.
import type { BackbonePlan, ImageShape, LayerPlan, RunPlan } from '../plan/plan.ts';
import { backbones as facts } from '../vocabulary/backbones.ts';
import { backbones } from './backbones/index.ts';
import type { LayersModel } from './layers.ts';
import { type Network, startNetwork } from './network.ts';
import { addLayers, givenNames } from './own-layers.ts';
import type { LayerProblem } from './problem.ts';
import { startFresh } from './start-fresh.ts';

export interface BuiltLayers {
  readonly model: LayersModel;
  readonly problems: readonly LayerProblem[];
}

/**
 * The network of a run: input, backbone (without top), head. A model always comes back; with problems it is only good
 * for being shown. `at` is the JSON pointer of the run in the plan, the front of all origins.
 */
export function buildLayers(run: RunPlan, at = '/runs/0'): BuiltLayers {
  const { image } = run.data;
  const named = run.backbone.kind === 'own' ? givenNames(run.backbone.layers) : [];
  const reserved = new Set([...named, ...givenNames(run.head), 'predictions']);
  const network = startNetwork([image.height, image.width, image.channels], reserved, `${at}/data/image`);
  const features =
    run.backbone.kind === 'known'
      ? addKnown(network, run.backbone, image, `${at}/backbone`)
      : addLayers(network, run.backbone.layers, network.input, { part: 'backbone', origin: `${at}/backbone/layers` });
  const output = addLayers(network, withPredictions(run.head), features, { part: 'head', origin: `${at}/head` });
  const layers = network.layers(output);
  const fresh = run.backbone.kind === 'known' && run.backbone.weights.kind === 'none' ? run.backbone.weights : null;
  return {
    model: { name: modelName(run.backbone), layers: fresh ? startFresh(layers, fresh) : layers },
    problems: network.problems(),
  };
}

function addKnown(
  network: Network,
  plan: Extract<BackbonePlan, { kind: 'known' }>,
  image: ImageShape,
  origin: string,
): string {
  const backbone = backbones[plan.name];
  const { minimum } = facts[plan.name];
  const small = image.height < minimum || image.width < minimum;
  if (small) {
    network.report({
      name: 'input-too-small',
      origin,
      message: `${plan.name} needs images of at least ${minimum}x${minimum}, but they are ${image.height}x${image.width}`,
      help: `write \`size ${minimum}x${minimum}\` or larger in the data block`,
    });
  }
  const needsColour =
    plan.weights.kind === 'imagenet' ||
    backbone.rgb === 'always' ||
    (backbone.rgb === 'with weights' && plan.weights.kind !== 'none');
  if (needsColour && image.channels !== 3) {
    network.report({
      name: 'input-channels',
      origin,
      message: `${plan.name} with weights ${plan.weights.kind} takes 3 channels, but the images have ${image.channels}`,
      help:
        backbone.rgb === 'always'
          ? 'let the images be turned to 3 channels'
          : 'let the images be turned to 3 channels, or write `weights none`',
    });
  }
  const add = network.at({ part: 'backbone', origin, quiet: small });
  return backbone.build(add, network.input, { shape: network.shape, weights: plan.weights.kind });
}

/** The last layer of the head is `predictions` unless the file names it. */
function withPredictions(head: readonly LayerPlan[]): readonly LayerPlan[] {
  const last = head.at(-1);
  return last && last.name === null ? [...head.slice(0, -1), { ...last, name: 'predictions' }] : head;
}

function modelName(backbone: BackbonePlan): string {
  return backbone.kind === 'known' ? backbones[backbone.name].name : (backbone.name ?? 'network');
}
