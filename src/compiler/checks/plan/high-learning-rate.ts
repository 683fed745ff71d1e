// Check: a learning rate that washes trained weights away.
import { finding } from '../../../parser/diagnostic.ts';
import { highLearningRate } from '../../findings/plan.ts';
import type { PlanCheck } from './plan-check.ts';
import { freezesBackbone } from './whole-backbone.ts';

const MOST = 1e-4;

export const checkHighLearningRate: PlanCheck = ({ draft: { backbone, stages }, at }) => {
  if (backbone?.kind !== 'known' || backbone.weights.kind === 'none') return [];
  return (stages ?? []).flatMap((stage) => {
    const rate = stage.optimizer.lr * stage.learning_rate.backbone_factor;
    if (freezesBackbone(stage.freeze) || stage.epochs === 0 || rate <= MOST) return [];
    return [
      finding(
        highLearningRate,
        at(stage.optimizer, 'lr', backbone),
        `Trained layers of ${backbone.name} are trained with a learning rate of ${rate}.`,
        { help: 'Freeze the backbone, or fine-tune with 1e-5: `lr(head: 1e-3, backbone: 1e-5)`.' },
      ),
    ];
  });
};
