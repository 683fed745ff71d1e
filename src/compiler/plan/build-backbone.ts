// Verb: a backbone part to the backbone of the plan: a known one with its weights, or a network of one's own.
import type { Backbone } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import { correction } from '../findings/correction.ts';
import { missingValue, unexpectedBlock, unknownBackbone } from '../findings/words.ts';
import { nearest, suggestion } from '../leaf/nearest.ts';
import { backbones, isBackboneName } from '../vocabulary/backbones.ts';
import { layers } from '../vocabulary/layers.ts';
import { buildLayerPlans } from './build-network.ts';
import { isWeights, readKnownWeights, readOwnWeights } from './build-weights.ts';
import type { BackbonePlan } from './plan.ts';
import { hasDamage, settingsOf } from './read-block.ts';
import { mark, report, type Scope } from './scope.ts';

export const buildBackbone = (scope: Scope, part: Backbone): BackbonePlan | null => {
  const name = part.name?.text ?? null;
  if (part.broken) return null;
  if (name !== null && isBackboneName(name)) {
    const statement = settingsOf(scope, part.block, 'backbone')[0];
    const weights = readKnownWeights(scope, statement);
    return mark<BackbonePlan>(scope, { kind: 'known', name, weights }, part.span, {
      name: part.name!.span,
      ...(statement === undefined ? {} : { weights: statement.span }),
    });
  }
  if (name !== null && meantKnown(part)) {
    report(
      scope,
      finding(unknownBackbone, part.name!.span, `There is no backbone \`${name}\`.`, {
        help: suggestion(name, Object.keys(backbones), 'backbones'),
        ...correction(part.name!.span, name, Object.keys(backbones)),
      }),
    );
    return null;
  }
  if (part.block === null) {
    report(
      scope,
      finding(unexpectedBlock, part.word.span, 'Which backbone?', {
        help: 'Write `backbone resnet50 { weights imagenet }`, or a network of your own: `backbone cnn { conv 32 3x3 relu … }`.',
      }),
    );
    return null;
  }
  const settings = part.block.items.filter(isWeights);
  const statement = settingsOf(scope, { ...part.block, items: settings }, 'network')[0];
  const layerItems = part.block.items.filter((item) => !isWeights(item));
  const own = buildLayerPlans(scope, { ...part.block, items: layerItems }, 'network');
  if (own.length === 0 && !hasDamage(part.block) && part.block.items.length === 0) {
    report(
      scope,
      finding(missingValue, part.name?.span ?? part.word.span, 'This network has no layers.', {
        help: 'Add layers, such as `conv 32 3x3 relu`, or name a known backbone.',
      }),
    );
  }
  return mark<BackbonePlan>(
    scope,
    {
      kind: 'own',
      name: (part.alias ?? part.name)?.text ?? null,
      layers: own,
      weights: readOwnWeights(scope, statement),
    },
    part.span,
    statement === undefined ? {} : { weights: statement.span },
  );
};

/** No layers in the block, or none at all: a known backbone was meant. */
const meantKnown = ({ name, block }: Backbone): boolean => {
  if (block === null) return true;
  const hasLayers = block.items.some((item) => item.kind === 'branch' || Object.hasOwn(layers, item.word.text));
  return !hasLayers && (block.items.some(isWeights) || nearest(name?.text ?? '', Object.keys(backbones)) !== null);
};
