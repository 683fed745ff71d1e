// Rule: a learning rate that washes trained weights away.
import { finding } from '../../../parser/diagnostic.ts';
import { pipeline } from '../example.ts';
import type { PlanRule } from './plan-rule.ts';

const MOST = 1e-4;

export const highLearningRate: PlanRule = {
  code: 'TLP2104',
  name: 'high-learning-rate',
  severity: 'warning',
  summary: 'Trained layers are fine-tuned with a learning rate above 1e-4.',
  explanation:
    'The first steps of a fresh head send large gradients into the backbone. With a high learning rate they wipe out what it has learned. Train the head on a frozen backbone first, then fine-tune with 1e-5 or so; or give the backbone its own rate: `lr(head: 1e-3, backbone: 1e-5)`.',
  bad: pipeline({
    backbone: 'backbone resnet50 { weights imagenet }',
    data: 'size 64x64',
    head: 'global_average_pooling',
    schedule: 'optimizer adam(lr: 1e-3)',
  }),
  good: pipeline({
    backbone: 'backbone resnet50 { weights imagenet }',
    data: 'size 64x64',
    head: 'global_average_pooling',
    schedule: 'optimizer adam(lr: 1e-5)',
  }),
  check: ({ draft: { backbone, stages }, at }) => {
    if (backbone?.kind !== 'known' || backbone.weights.kind === 'none') return [];
    return (stages ?? []).flatMap((stage) => {
      const whole = stage.freeze.kind === 'backbone' && stage.freeze.except === null;
      const rate = stage.optimizer.lr * stage.learning_rate.backbone_factor;
      if (whole || stage.epochs === 0 || rate <= MOST) return [];
      return [
        finding(
          highLearningRate,
          at(stage.optimizer, 'lr', backbone),
          `Trained layers of ${backbone.name} are trained with a learning rate of ${rate}.`,
          { help: 'Freeze the backbone, or fine-tune with 1e-5: `lr(head: 1e-3, backbone: 1e-5)`.' },
        ),
      ];
    });
  },
};
