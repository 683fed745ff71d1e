// The plan: defaults, overriding, values, imports.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CheckOptions, checkText } from '../../../src/compiler/check.ts';
import type { Plan, RunPlan } from '../../../src/compiler/plan/plan.ts';
import { verifyPlan } from '../../../src/compiler/plan/verify.ts';

const test = suite('plan');

const planOf = (text: string, options: CheckOptions = {}): Plan => {
  const { plan, diagnostics } = checkText(text, 'test.tlp', options);
  assert.ok(plan !== null, diagnostics.map((d) => d.message).join('\n'));
  assert.equal(verifyPlan(plan), []);
  return plan;
};
const runOf = (text: string): RunPlan => planOf(text).runs[0]!;
const codesOf = (text: string, options: CheckOptions = {}): readonly string[] =>
  checkText(text, 'test.tlp', options).diagnostics.map((d) => `${d.name}@${d.span.start}`);

const base = 'data { source cifar10 }\nbackbone cnn { conv 8 3x3 }\n';
const whole = `${base}head { flatten }\n`;

test('the schema takes no plan with a field less or more', () => {
  const plan = planOf(`${whole}augment { flip horizontal; shift 10% }\nschedule { early_stopping(patience: 2) }`);
  const broken = (change: (copy: never, key: string) => void): number => {
    let taken = 0;
    const visit = (path: readonly string[], value: unknown): void => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
      for (const key of Object.keys(value)) {
        const copy: unknown = JSON.parse(JSON.stringify(plan));
        const target = path.reduce((at, step) => (at as Record<string, unknown>)[step], copy);
        change(target as never, key);
        if (verifyPlan(copy).length === 0) taken++;
        visit([...path, key], (value as Record<string, unknown>)[key]);
      }
    };
    const arrays = (path: readonly string[], value: unknown): void => {
      visit(path, value);
      if (Array.isArray(value)) for (const [i, child] of value.entries()) arrays([...path, String(i)], child);
      else if (typeof value === 'object' && value !== null) {
        for (const [key, child] of Object.entries(value)) if (Array.isArray(child)) arrays([...path, key], child);
      }
    };
    arrays([], plan);
    return taken;
  };
  assert.is(
    broken((target, key) => {
      delete target[key];
    }),
    0,
  );
  assert.is(
    broken((target: Record<string, unknown>) => {
      target.surplus = 1;
    }),
    0,
  );
  assert.is(
    broken((target: Record<string, unknown>, key) => {
      target[key] = { odd: true };
    }),
    0,
  );
});

test('one implicit run, named after the pipeline, with one stage', () => {
  const plan = planOf(whole);
  assert.equal(
    plan.runs.map((run) => [run.name, run.stages.map((stage) => stage.name)]),
    [['test', ['training']]],
  );
});

test('normalization follows the weights: figures of Keras preprocess_input', () => {
  const of = (backbone: string) =>
    runOf(`data { source cifar10; size 96x96 }\nbackbone ${backbone}\nfreeze backbone\nhead { global_average_pooling }`)
      .data.normalize;
  const caffe = of('vgg16 { weights imagenet }');
  // [r, g, b] = [10, 20, 30]: BGR minus (103.939, 116.779, 123.68)
  assert.equal(caffe.order, 'bgr');
  assert.equal(caffe.scale, [1, 1, 1]);
  assert.equal(caffe.offset, [-103.939, -116.779, -123.68]);
  const signed = of('mobilenetv2 { weights imagenet }');
  assert.ok(Math.abs(255 * signed.scale[0]! + signed.offset[0]! - 1) < 1e-9);
  const torch = of('densenet121 { weights imagenet }');
  // Keras: (x / 255 - mean) / std for x = 255, channel red: (1 - 0.485) / 0.229
  assert.ok(Math.abs(255 * torch.scale[0]! + torch.offset[0]! - (1 - 0.485) / 0.229) < 1e-9);
  assert.is(of('efficientnetb0 { weights imagenet }').kind, 'none');
  assert.is(of('efficientnetb0 { weights none }').kind, 'none', 'scaling is part of the model');
  assert.is(of('resnet50 { weights none }').kind, 'unit');
});

test('size and channels follow the source and the backbone', () => {
  const image = (data: string, backbone: string) =>
    runOf(`data { ${data} }\n${backbone}\nfreeze backbone\nhead { global_average_pooling }`).data;
  assert.equal(image('source mnist', 'backbone cnn { conv 8 3x3 }').image, { height: 28, width: 28, channels: 1 });
  const grey = image('source mnist; size 64x48', 'backbone vgg16');
  assert.equal(grey.image, { height: 64, width: 48, channels: 3 });
  assert.equal(grey.source_image, { height: 28, width: 28, channels: 1 });
  const folder = image('source folder("a")', 'backbone inceptionv3');
  assert.equal(folder.image, { height: 299, width: 299, channels: 3 });
  assert.is(folder.classes, null);
});

test('a run goes before a stage, a stage before the schedule, that before the default', () => {
  const plan = planOf(`${whole}
schedule {
  batch 16
  optimizer sgd(lr: 0.1)
  stage "one" { epochs 3; batch 8 }
  stage "two" { freeze backbone; optimizer adam(lr: 1e-5) }
}
run "plain" { }
run "own" { batch 4; freeze none }`);
  const seen = plan.runs.map((run) =>
    run.stages.map((s) => [s.name, s.epochs, s.batch, s.optimizer.kind, s.optimizer.lr, s.freeze.kind]),
  );
  assert.equal(seen, [
    [
      ['one', 3, 8, 'sgd', 0.1, 'none'],
      ['two', 10, 16, 'adam', 1e-5, 'backbone'],
    ],
    [
      ['one', 3, 4, 'sgd', 0.1, 'none'],
      ['two', 10, 4, 'adam', 1e-5, 'none'],
    ],
  ]);
});

test('parts by name, in the run itself, or the only one', () => {
  const plan = planOf(`${base}
head a { flatten }
head b { global_average_pooling; dense 16 relu }
augment { flip horizontal }
run "x" { head a }
run "y" { head b; augment none; seed 7 }
run "z" continues "y" { head { flatten; dropout 10% }; data { source cifar100 } }`);
  assert.equal(
    plan.runs.map((run) => [run.continues, run.seed, run.head.map((l) => l.kind).join(' '), run.augment.length]),
    [
      [null, 1, 'flatten dense', 1],
      [null, 7, 'global_average_pooling dense dense', 0],
      ['y', 1, 'flatten dropout dense', 1],
    ],
  );
  const last = plan.runs[2]!.head.at(-1)!;
  assert.equal(last.kind === 'dense' && [last.units, last.activation, last.name], [100, 'softmax', 'predictions']);
});

test('freeze sentences', () => {
  const freeze = (sentence: string) => runOf(`${whole}freeze ${sentence}`).stages[0]!.freeze;
  const none = { kind: 'none', count: null, except: null, batch_norm: 'train' };
  assert.equal(freeze('none'), none);
  assert.equal(freeze('none { batch_norm adapt }'), { ...none, batch_norm: 'adapt' });
  assert.equal(freeze('backbone'), { ...none, kind: 'backbone' });
  assert.equal(freeze('backbone except last 1 layers'), {
    ...none,
    kind: 'backbone',
    except: { kind: 'last', count: 1 },
  });
  assert.equal(freeze('backbone except conv*'), {
    ...none,
    kind: 'backbone',
    except: { kind: 'pattern', pattern: 'conv*' },
  });
  assert.equal(freeze('backbone except from conv2d'), {
    ...none,
    kind: 'backbone',
    except: { kind: 'from', layer: 'conv2d' },
  });
  assert.equal(freeze('first 1 layers'), { ...none, kind: 'first', count: 1 });
  assert.equal(freeze('all\nschedule { epochs 0 }'), { ...none, kind: 'all' });
});

test('validation sentences', () => {
  const validation = (sentence: string) =>
    runOf(`data { source cifar10; validation ${sentence} }\nbackbone cnn { conv 8 3x3 }\nhead { flatten }`).data
      .validation;
  assert.equal(validation('20% of train'), { kind: 'fraction', fraction: 0.2, stratified: false });
  assert.equal(validation('0.5 of train stratified'), { kind: 'fraction', fraction: 0.5, stratified: true });
  assert.equal(validation('folder("val")'), { kind: 'folder', path: 'val' });
  assert.equal(validation('test'), { kind: 'test' });
  assert.equal(validation('none'), { kind: 'none' });
});

test('layers: plain values by type, names for the rest, branches, repeat', () => {
  const layers = (text: string) => {
    const { backbone } = runOf(`data { source cifar10 }\nbackbone cnn { ${text} }\nhead { flatten }`);
    return backbone.kind === 'own' ? backbone.layers : [];
  };
  const [conv] = layers(
    'conv 16 3x5 relu same (stride: 2, kernel_initializer: random_normal(0.1), kernel_regularizer: l1(0.5))',
  );
  assert.equal(conv, {
    kind: 'conv',
    filters: 16,
    kernel: [3, 5],
    stride: [2, 2],
    padding: 'same',
    dilation: [1, 1],
    groups: 1,
    kernel_initializer: { kind: 'random_normal', stddev: 0.1 },
    kernel_regularizer: { l1: 0.5, l2: 0 },
    use_bias: true,
    bias_initializer: { kind: 'zeros' },
    activation: 'relu',
    name: null,
  });
  assert.equal(layers('conv(filters: 16, kernel: 3x5, stride: 2x2, padding: same, activation: relu)')[0], {
    ...conv,
    kernel_initializer: { kind: 'glorot_uniform' },
    kernel_regularizer: null,
  });
  const [pool, pad] = layers('max_pool 3x3 (stride: 2); zero_padding 1');
  assert.equal(pool, { kind: 'max_pool', size: [3, 3], stride: [2, 2], padding: 'valid', name: null });
  assert.equal(pad, { kind: 'zero_padding', top: 1, bottom: 1, left: 1, right: 1, name: null });
  const nested = layers('repeat 2 { conv 8 3x3 same; add { {} { conv 8 1x1; dropout 10% } } }');
  assert.equal(
    nested.map((l) => (l.kind === 'add' ? l.branches.map((b) => b.map((c) => c.kind)) : l.kind)),
    ['conv', [[], ['conv', 'dropout']], 'conv', [[], ['conv', 'dropout']]],
  );
});

test('augmentations: one value stands for limits', () => {
  const { augment } = runOf(
    `${whole}augment { rotate 20deg; rotate -5deg..20deg; shift 10%; shift(x: 20%); zoom 20%; brightness 80%..130%; blur 2; crop 80% }`,
  );
  assert.equal(
    augment.map((a) => Object.values(a).slice(1, 3)),
    [
      [[-20, 20], 'reflect'],
      [[-5, 20], 'reflect'],
      [
        [-0.1, 0.1],
        [-0.1, 0.1],
      ],
      [
        [-0.2, 0.2],
        [0, 0],
      ],
      [
        [0.8, 1.2],
        [0.8, 1.2],
      ],
      [[0.8, 1.3]],
      [[0, 2], 0.5],
      [[0.8, 1]],
    ],
  );
});

test('callbacks: mode follows the monitor, none takes a callback away', () => {
  const plan = planOf(`${whole}
schedule { early_stopping(monitor: val_accuracy); reduce_lr_on_plateau(factor: 0.5) }
run "a" { }
run "b" { early_stopping none }`);
  const [a, b] = plan.runs.map((run) => run.stages[0]!);
  assert.is(a!.early_stopping?.mode, 'max');
  assert.is(a!.reduce_lr_on_plateau?.mode, 'min');
  assert.is(b!.early_stopping, null);
  assert.is(b!.reduce_lr_on_plateau?.factor, 0.5);
});

test('learning rates apart', () => {
  const stage = runOf(`${whole}schedule { optimizer adam; lr(head: 1e-3, backbone: 1e-5); warmup_epochs 2 }`)
    .stages[0]!;
  assert.is(stage.optimizer.lr, 1e-3);
  assert.equal(stage.learning_rate, { schedule: { kind: 'constant' }, warmup_epochs: 2, backbone_factor: 0.01 });
});

test('let, arithmetic, param and --set', () => {
  const text = `let base = 2 * (3 + 1)
let turn = 10deg * 2
param width = base * 8 in 16..256
${base}augment { rotate turn }
head { flatten; dense width relu; dense width / 2 relu }`;
  const units = (set: readonly string[]) =>
    planOf(text, { set }).runs[0]!.head.flatMap((l) => (l.kind === 'dense' ? [l.units] : []));
  assert.equal(units([]), [64, 32, 10]);
  assert.equal(units(['width=128']), [128, 64, 10]);
  const rotate = planOf(text).runs[0]!.augment[0]!;
  assert.equal(rotate.kind === 'rotate' && rotate.degrees, [-20, 20]);
  assert.equal(codesOf(text, { set: ['width=8'] }), ['out-of-range@6']);
  assert.equal(codesOf(text, { set: ['widht=8'] }), ['unknown-name@0']);
  assert.equal(codesOf(text, { set: ['width'] }), ['unexpected-token@0']);
});

test('imports bring parts; a circle is reported with its path', () => {
  const files: Readonly<Record<string, string>> = {
    'common.tlp': 'data { source cifar10 }\nlet width = 32\nimport "more.tlp"',
    'more.tlp': 'backbone cnn { conv 8 3x3 }',
    'a.tlp': 'import "b.tlp"',
    'b.tlp': 'import "a.tlp"',
    'bad.tlp': 'data { source cifr10 }',
  };
  const readImport = (path: string) =>
    files[path] === undefined ? { problem: 'it is not there' } : { name: path, text: files[path], lineStarts: [0] };
  const text = 'import "common.tlp"\nhead { flatten; dense width relu }';
  const run = planOf(text, { readImport }).runs[0]!;
  assert.is(run.head[1]!.kind === 'dense' && run.head[1]!.units, 32);
  // what the circle may have held is not reported as missing
  const alone = checkText('import "a.tlp"', 'test.tlp', { readImport }).diagnostics;
  assert.equal(
    alone.map((d) => d.name),
    ['import-cycle'],
  );
  const circle = checkText(`import "a.tlp"\n${whole}`, 'test.tlp', { readImport }).diagnostics;
  assert.equal(
    circle.map((d) => [d.name, d.span.file, d.message]),
    [['import-cycle', 'b.tlp', 'This import is a circle: test.tlp → a.tlp → b.tlp → a.tlp.']],
  );
  const bad = checkText('import "bad.tlp"\nbackbone cnn { conv 8 3x3 }\nhead { flatten }', 'test.tlp', { readImport });
  assert.equal(
    bad.diagnostics.map((d) => [d.name, d.span.file]),
    [['unknown-choice', 'bad.tlp']],
  );
});

test('an error in the schedule does not hide what is wrong with the network', () => {
  const { plan, diagnostics } = checkText(
    'data { source digits }\nbackbone cnn { conv 8 9x9 }\nhead { flatten }\nschedule { epocs 5 }\n',
    'two.tlp',
  );
  assert.is(plan, null);
  assert.equal(
    diagnostics.map(({ name }) => name),
    ['kernel-too-large', 'unknown-word'],
  );
});

test('k mistakes in k places give k findings', () => {
  const mistakes: readonly (readonly [string, string, string])[] = [
    ['source cifar10', 'source cifr10', 'unknown-choice'],
    ['size 64x64', 'size 64', 'wrong-type'],
    ['flip horizontal', 'flp horizontal', 'unknown-word'],
    ['rotate 10deg', 'rotate 10', 'wrong-unit'],
    ['conv 8 3x3 relu', 'conv 8 3x3 rellu', 'unknown-choice'],
    ['max_pool 2x2', 'max_pool 2x2 = 3', 'unexpected-token'],
    ['freeze none', 'freeze noone', 'wrong-sentence'],
    ['dropout 50%', 'dropout 150%', 'out-of-range'],
    ['dense 64 relu', 'dense relu', 'missing-value'],
    ['batch 32', 'batch 32\n  batch 16', 'duplicate-statement'],
    ['epochs 5', 'epochs: 5', 'unexpected-token'],
    ['optimizer adam(lr: 1e-3)', 'optimizer adam(rate: 1e-3)', 'unknown-parameter'],
    ['patience: 2)', 'patience: 2', 'unclosed-bracket'],
    ['head b', 'head c', 'unknown-name'],
  ];
  const text = `data {
  source cifar10
  size 64x64
}
augment {
  flip horizontal
  rotate 10deg
}
backbone cnn {
  conv 8 3x3 relu
  max_pool 2x2
}
freeze none
head a {
  flatten
  dropout 50%
}
head b {
  flatten
  dense 64 relu
}
schedule {
  batch 32
  epochs 5
  optimizer adam(lr: 1e-3)
  early_stopping(patience: 2)
}
run "x" { head a }
run "y" { head b }
`;
  const names = (changed: string) => checkText(changed, 'test.tlp').diagnostics.map((d) => d.name);
  assert.equal(names(text), []);
  let all = text;
  for (const [right, wrong, name] of mistakes) {
    assert.ok(text.includes(right), right);
    assert.equal(names(text.replace(right, wrong)), [name], wrong);
    all = all.replace(right, wrong);
  }
  assert.equal([...names(all)].sort(), mistakes.map(([, , name]) => name).sort());
});

test.run();
