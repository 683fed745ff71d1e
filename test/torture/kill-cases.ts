// Table: what is trained while it is killed: everything that keeps state between two steps, in runs of seconds.

export interface KillCase {
  readonly name: string;
  readonly text: string;
  /** Trials of it in a hundred. */
  readonly share: number;
  /** Takes seconds for a checkpoint. */
  readonly large?: boolean;
}

const data = 'data { source digits; limit 240 (test: 60); validation 25% of train }';
const network = `backbone cnn { conv 8 3x3 same; batch_normalization; activation relu; max_pool 2x2; conv 8 3x3 relu; flatten }
head { dense 16 relu; dropout 40% }`;

export const killCases: readonly KillCase[] = [
  {
    name: 'batch norm, dropout and augmentation',
    text: `${data}
${network}
augment { flip horizontal; rotate 10deg; shift 10% }
schedule { batch 16; epochs 30; optimizer adam(lr: 1e-3) }
`,
    share: 24,
  },
  {
    name: 'stages that freeze and keep their optimizer',
    text: `${data}
${network}
freeze backbone
schedule { batch 16
  stage "head" { epochs 20; optimizer sgd(lr: 0.05, momentum: 0.9) }
  stage "all" { epochs 20; freeze none; optimizer adam(lr: 1e-3) }
}
`,
    share: 24,
  },
  {
    name: 'a plateau, early stopping and a moving average',
    text: `${data}
${network}
schedule { batch 16; epochs 40; optimizer adam(lr: 3e-3); ema 0.9
  early_stopping(monitor: val_loss, patience: 12); reduce_lr_on_plateau(monitor: val_loss, patience: 3) }
`,
    share: 24,
  },
  {
    name: 'two runs, one from the other',
    text: `${data}
${network}
schedule { batch 16; epochs 15; optimizer adam(lr: 1e-3) }
run "first" { }
run "second" continues "first" { optimizer sgd(lr: 0.05) }
`,
    share: 24,
  },
  {
    name: 'checkpoints of 300 MB',
    text: `data { source digits; limit 96 (test: 24); validation 25% of train }
backbone cnn { conv 8 3x3 same relu; flatten }
head { dense 50000 relu; dropout 40% }
schedule { batch 16; epochs 2; optimizer adam(lr: 1e-4) }
`,
    share: 4,
    large: true,
  },
];
