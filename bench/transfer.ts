// Transfer from process start to test score, tlp against Keras: same images, weights, head, batch and epochs, in turn in one run.
// node --import tsx bench/transfer.ts PYTHON [part of a case name] [rounds] [epochs]
// PYTHON is an interpreter with keras, tensorflow-cpu and h5py. Fashion-MNIST must be in $KERAS_HOME/datasets/fashion-mnist (Debian's
// package dataset-fashion-mnist has it). Weights are seeded and written by Keras: their values do not matter to time.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [python = 'python3', only = '', rounds = '1', epochs = '10'] = process.argv.slice(2);
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'tlp-transfer-'));
const cache = join(place, 'cache');

/** Whole-process figures of one command. */
interface Figures {
  readonly seconds: number;
  /** User plus system: steadier than the clock beside other work. */
  readonly cpu: number;
  /** Largest resident memory. */
  readonly megabytes: number;
  readonly accuracy: number | null;
  /** Printed by the command itself, where it times a part of its own. */
  readonly own: number | null;
}

/** Runs under GNU time, which reports what the process and its children used. */
const measure = (command: readonly string[], environment: Readonly<Record<string, string>> = {}): Figures => {
  const report = join(place, 'time');
  const began = performance.now();
  const done = spawnSync('/usr/bin/time', ['-f', '%U %S %M', '-o', report, ...command], {
    encoding: 'utf8',
    cwd: place,
    env: { ...process.env, TLP_CACHE: cache, ...environment },
    maxBuffer: 2 ** 28,
  });
  const seconds = (performance.now() - began) / 1000;
  if (done.status !== 0) throw new Error(`${command.join(' ')}\n${done.stderr}`);
  const [user, system, kilobytes] = readFileSync(report, 'utf8').trim().split('\n').at(-1)!.split(' ').map(Number);
  return {
    seconds,
    cpu: user! + system!,
    megabytes: kilobytes! / 1024,
    ...scoreIn(done.stdout),
  };
};

/** The last JSON line: Keras' figures, or the events of `tlp run --json`. */
const scoreIn = (output: string): Pick<Figures, 'accuracy' | 'own'> => {
  const last = output
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .at(-1);
  if (last === undefined) return { accuracy: null, own: null };
  const line = JSON.parse(last) as {
    readonly seconds?: number;
    readonly accuracy?: number | null;
    readonly runs?: readonly { readonly test: { readonly accuracy: number } | null }[];
  };
  return { accuracy: line.accuracy ?? line.runs?.[0]?.test?.accuracy ?? null, own: line.seconds ?? null };
};

const pipeline = (backbone: string, size: number, head: string, freeze: string): string => `
data { source fashion_mnist; size ${size}x${size}; channels 3; limit(train: 5000, test: 1000); validation none }
backbone ${backbone} { weights file("${join(place, `${backbone}_notop.h5`)}") }
head { ${head} }
freeze ${freeze}
schedule { batch 64; epochs ${epochs}; optimizer adam(lr: 1e-3) }
`;

interface Case {
  readonly name: string;
  readonly backbone: string;
  readonly size: number;
  readonly head: string;
  /** A second head on the same backbone; null: not measured. */
  readonly second: string | null;
  readonly freeze: string;
}

const mlp = (first: string, units: number): string => `${first}; dense ${units} relu; dropout 50%`;
const cases: readonly Case[] = [
  {
    name: 'vgg16-frozen',
    backbone: 'vgg16',
    size: 32,
    head: mlp('flatten', 256),
    second: mlp('flatten', 128),
    freeze: 'backbone',
  },
  {
    name: 'mobilenetv2-frozen',
    backbone: 'mobilenetv2',
    size: 96,
    head: mlp('global_average_pooling', 256),
    second: mlp('global_average_pooling', 128),
    freeze: 'backbone',
  },
  {
    name: 'vgg16-last-4',
    backbone: 'vgg16',
    size: 32,
    head: mlp('flatten', 256),
    second: null,
    freeze: 'backbone except last 4 layers',
  },
];

const keras = (mode: string, name: string): Figures =>
  measure([python, path('./peers/transfer.py'), mode, name, place, mode === 'predict' ? '0' : epochs]);

const tlp = (file: string): Figures =>
  measure([
    process.execPath,
    path('../dist/tlp.js'),
    'run',
    file,
    '--json',
    '--device',
    'cpu',
    '--out',
    join(place, 'runs'),
  ]);

const bytesOf = (folder: string): number =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
    : 0;

const row = (what: string, { seconds, cpu, megabytes, accuracy }: Figures): void => {
  const score = accuracy === null ? '' : `${(100 * accuracy).toFixed(1)} %`;
  console.log(
    `  ${what.padEnd(34)}${seconds.toFixed(2).padStart(9)}${cpu.toFixed(2).padStart(9)}${megabytes.toFixed(0).padStart(8)}${score.padStart(9)}`,
  );
};

const ratio = (what: string, theirs: Figures, ours: Figures): void =>
  console.log(
    `  ${what}: ${(theirs.seconds / ours.seconds).toFixed(1)} times faster by the clock, ${(theirs.cpu / ours.cpu).toFixed(1)} by CPU time`,
  );

const compare = (each: Case): void => {
  const write = (name: string, text: string): string => {
    const file = join(place, name);
    writeFileSync(file, text);
    return file;
  };
  const first = write(`${each.name}.tlp`, pipeline(each.backbone, each.size, each.head, each.freeze));
  console.log(`\n${each.name}: ${each.size}x${each.size}, 5,000 images, ${epochs} epochs`);
  console.log(
    `  ${''.padEnd(34)}${'seconds'.padStart(9)}${'CPU s'.padStart(9)}${'MB'.padStart(8)}${'test'.padStart(9)}`,
  );
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache);
  const fit = keras('fit', each.name);
  row('Keras, fit', fit);
  const cold = tlp(first);
  row('tlp, nothing cached', cold);
  const features = each.second === null ? null : keras('features', each.name);
  if (features !== null) row('Keras, predict once, train the head', features);
  ratio('tlp against fit', fit, cold);
  if (features !== null) ratio('tlp against predict once', features, cold);
  if (each.second !== null) {
    const second = tlp(write(`${each.name}-second.tlp`, pipeline(each.backbone, each.size, each.second, each.freeze)));
    row('tlp, a second head', second);
    ratio('a second head against fit', fit, second);
  }
  console.log(`  cache: ${(bytesOf(cache) / 2 ** 20).toFixed(1)} MiB`);
};

try {
  const chosen = cases.filter(({ name }) => name.includes(only));
  for (const backbone of new Set(chosen.map((each) => each.backbone))) {
    measure([python, path('./peers/transfer.py'), 'weights', backbone, place]);
  }
  for (let round = 0; round < Number(rounds); round += 1) for (const each of chosen) compare(each);
} finally {
  rmSync(place, { recursive: true, force: true });
}
