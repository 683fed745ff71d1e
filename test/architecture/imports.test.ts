// The import rules of the house: who may import whom, where third parties may stand, no cycles, a pure compiler.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Import, importsOf, readSource, sourceFiles, withoutComments } from '../support/imports.ts';

const architecture = suite('architecture: imports');

/**
 * The rooms, each with the rooms it may import: `all`, or `nouns`, which are types alone. A room may always import itself.
 * A file belongs to the longest room that its path begins with; a room not listed may import nothing.
 */
const ROOMS: Readonly<Record<string, Readonly<Record<string, 'all' | 'nouns'>>>> = {
  grammar: {},
  'src/parser': { grammar: 'all' },
  'src/compiler/leaf': {},
  // The words: tables from which the types of the plan follow.
  'src/compiler/vocabulary': {},
  // What can be found: codes, names, texts and examples. The parser's own only by import.
  'src/compiler/findings': { 'src/parser': 'all' },
  'src/compiler/plan': {
    'src/parser': 'all',
    'src/compiler/vocabulary': 'all',
    'src/compiler/findings': 'all',
  },
  'src/compiler/layers': {
    'src/compiler/vocabulary': 'all',
    'src/compiler/plan': 'nouns',
    'src/compiler/findings': 'nouns',
  },
  // What is found in a plan and its layers.
  'src/compiler/checks': {
    'src/parser': 'all',
    'src/compiler/vocabulary': 'all',
    'src/compiler/findings': 'all',
    'src/compiler/plan': 'all',
    'src/compiler/layers': 'all',
  },
  // How much a finding counts: `rules { }`, ignore comments.
  'src/compiler/levels': { 'src/parser': 'all', 'src/compiler/findings': 'all' },
  'src/compiler/kernels': { 'src/compiler/plan': 'nouns' },
  // The SSA graph with its rule tables is what training and onnx are written in.
  'src/compiler/graph': {},
  'src/compiler/training': {
    'src/compiler/kernels/preprocess.ts': 'nouns',
    'src/compiler/plan': 'nouns',
    'src/compiler/layers': 'nouns',
    // Which dropout draws masks is a rule of freezing.
    'src/compiler/layers/freeze.ts': 'all',
    'src/compiler/graph': 'all',
  },
  'src/compiler/onnx': {
    'src/compiler/plan': 'nouns',
    'src/compiler/kernels': 'nouns',
    'src/compiler/training': 'nouns',
    'src/compiler/graph': 'all',
  },
  // The ordered list of passes wires the stages.
  'src/compiler': {
    'src/parser': 'all',
    'src/compiler/vocabulary': 'all',
    'src/compiler/findings': 'all',
    'src/compiler/checks': 'all',
    'src/compiler/levels': 'all',
    'src/compiler/plan': 'all',
    'src/compiler/layers': 'all',
    'src/compiler/kernels': 'all',
    'src/compiler/graph': 'all',
    'src/compiler/training': 'all',
    'src/compiler/onnx': 'all',
  },
  'src/editor': {
    'src/parser': 'all',
    'src/compiler': 'all',
    'src/compiler/vocabulary': 'all',
    'src/compiler/plan': 'all',
  },
  // The runtime takes compiled artifacts: their types. What stands right in it is what all its rooms share: events, faults,
  // randomness, channels, places of workers.
  'src/runtime': { 'src/compiler/layers': 'nouns' },
  'src/runtime/data': { 'src/runtime': 'all', 'src/compiler/plan': 'nouns' },
  'src/runtime/download': { 'src/runtime': 'all' },
  // How good predictions are: plain arithmetic.
  'src/runtime/metrics': { 'src/runtime': 'nouns' },
  'src/runtime/loader': {
    'src/runtime': 'all',
    'src/runtime/data': 'all',
    'src/runtime/engine': 'nouns',
    'src/compiler/kernels': 'nouns',
    'src/compiler/onnx': 'nouns',
    'src/compiler/plan': 'nouns',
  },
  // Checkpoints hold the trainer's state and the engine's weights.
  'src/runtime/checkpoint': { 'src/runtime': 'all', 'src/runtime/engine': 'nouns', 'src/runtime/trainer': 'nouns' },
  // Features in place of images: another loader for the trainer.
  'src/runtime/cache': {
    'src/compiler/plan': 'nouns',
    'src/runtime': 'all',
    'src/runtime/engine': 'nouns',
    'src/runtime/loader': 'all',
    'src/runtime/run-folder/disk.ts': 'all',
    'src/compiler': 'nouns',
    'src/compiler/kernels': 'nouns',
    'src/compiler/onnx': 'nouns',
  },
  // Knows engine and loader by their interfaces alone.
  'src/runtime/trainer': {
    'src/runtime': 'all',
    'src/runtime/cache': 'all',
    'src/runtime/data': 'all',
    'src/runtime/engine': 'nouns',
    'src/runtime/loader': 'nouns',
    'src/compiler': 'nouns',
    'src/compiler/onnx': 'nouns',
    'src/compiler/plan': 'nouns',
  },
  // Weight files: from bytes to the weights of a model. How Keras names layers is the one rule of the compiler that it needs.
  'src/runtime/weights': {
    'src/runtime': 'all',
    'src/runtime/checkpoint': 'all',
    'src/runtime/download': 'all',
    'src/runtime/engine': 'nouns',
    'src/compiler/plan': 'nouns',
    'src/compiler/layers': 'nouns',
    'src/compiler/layers/auto-name.ts': 'all',
  },
  // A run folder is read back with the plan's own reader, and its weights are held against the layers of that plan.
  'src/runtime/run-folder': {
    'src/runtime': 'all',
    'src/runtime/checkpoint': 'all',
    'src/runtime/engine': 'nouns',
    'src/runtime/trainer': 'nouns',
    'src/compiler/plan': 'nouns',
    'src/compiler/plan/parse-plan.ts': 'all',
    'src/compiler/layers': 'nouns',
    'src/compiler/layers/build-layers.ts': 'all',
  },
  // The engine takes a compiled stage, binds weights into a model before it loads it (the linker), and reads the names of a step's outputs.
  'src/runtime/engine': {
    'src/runtime': 'all',
    'src/runtime/cache/cache-root.ts': 'all',
    'src/compiler/compiled-run.ts': 'nouns',
    'src/compiler/plan': 'nouns',
    'src/compiler/layers': 'nouns',
    'src/compiler/onnx': 'nouns',
    'src/compiler/onnx/bind.ts': 'all',
    'src/compiler/training/state-tensor.ts': 'all',
  },
  // A finished run in the formats of other programs.
  'src/export': {
    'src/compiler': 'all',
    'src/compiler/vocabulary': 'all',
    'src/compiler/plan': 'nouns',
    'src/compiler/layers': 'all',
    'src/compiler/onnx': 'all',
    'src/runtime': 'nouns',
    'src/runtime/engine': 'nouns',
    'src/runtime/engine/onnx/layout.ts': 'all',
    'src/runtime/run-folder': 'nouns',
    'src/runtime/checkpoint/safetensors.ts': 'all',
    'src/runtime/weights/h5/write-h5.ts': 'all',
  },
  // One run from plan to result: orders what compiler and runtime do. Commands, an editor and tests call it.
  'src/session': {
    'src/parser': 'all',
    'src/compiler': 'all',
    'src/compiler/checks': 'all',
    'src/compiler/findings': 'all',
    'src/compiler/graph': 'all',
    'src/compiler/kernels': 'all',
    'src/compiler/layers': 'all',
    'src/compiler/levels': 'all',
    'src/compiler/onnx': 'all',
    'src/compiler/plan': 'all',
    'src/compiler/training': 'all',
    'src/compiler/vocabulary': 'all',
    'src/export': 'all',
    'src/runtime': 'all',
    'src/runtime/cache': 'all',
    'src/runtime/checkpoint': 'all',
    'src/runtime/data': 'all',
    'src/runtime/download': 'all',
    'src/runtime/engine': 'all',
    'src/runtime/metrics': 'all',
    'src/runtime/loader': 'all',
    'src/runtime/run-folder': 'all',
    'src/runtime/trainer': 'all',
    'src/runtime/weights': 'all',
  },
  // What people read of events, facts and findings: their nouns, the places in a source, and the tables of names.
  'src/report': {
    'src/parser/diagnostic.ts': 'nouns',
    'src/parser/source.ts': 'all',
    'src/parser/fix.ts': 'all',
    'src/compiler/plan': 'nouns',
    'src/compiler/facts.ts': 'nouns',
    'src/compiler/compare-plans.ts': 'nouns',
    'src/compiler/layers/print.ts': 'all',
    'src/compiler/vocabulary/data.ts': 'all',
    'src/runtime/events.ts': 'nouns',
    'src/runtime/prediction.ts': 'nouns',
    'src/runtime/metrics': 'nouns',
    'src/runtime/run-state.ts': 'all',
    'src/runtime/run-clock.ts': 'all',
  },
  'src/ui': {
    'src/runtime/events.ts': 'nouns',
    'src/runtime/run-state.ts': 'all',
    'src/runtime/run-clock.ts': 'all',
    'src/report': 'all',
  },
};

/** Nouns and leaf arithmetic, which all rooms behind the parser may use: a rule that forces a copy is a wrong rule. */
const LEAF = 'src/compiler/leaf';

/** Folders that wire and may import everything. */
const WIRING = ['bin', 'scripts', 'bench'];

/** Third parties, and the only places that may import them. */
const FENCES: Readonly<Record<string, readonly string[]>> = {
  chevrotain: ['grammar', 'src/parser'],
  ajv: ['src/compiler/plan/verify.ts'],
  yaml: ['src/compiler/plan'],
  protobufjs: ['src/compiler/onnx'],
  'onnxruntime-node': ['src/runtime/engine'],
  'onnxruntime-common': ['src/runtime/engine'],
  '@tensorflow/tfjs-core': ['src/runtime/engine'],
  '@tensorflow/tfjs-layers': ['src/runtime/engine'],
  react: ['src/ui'],
  ink: ['src/ui'],
  '@jsquash/jpeg': ['src/runtime/data/files'],
  sharp: ['src/runtime/data/files'],
  fflate: ['src/runtime/data', 'src/runtime/checkpoint', 'scripts/pack-vscode.ts'],
  h5wasm: ['src/runtime/weights/h5'],
  commander: ['bin'],
  esbuild: ['scripts', 'bench'],
  // They read and draw the grammar for its documents.
  '@chevrotain/regexp-to-ast': ['scripts/generate'],
  'railroad-diagrams': ['scripts/generate'],
  wabt: ['scripts/generate'],
};

const within = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);
const files = sourceFiles('src', 'grammar', 'bin', 'scripts');
const imports: readonly Import[] = files.flatMap((file) => importsOf(readSource(file), file));

const roomOf = (file: string): string | undefined =>
  Object.keys(ROOMS)
    .filter((room) => within(file, room))
    .sort((a, b) => b.length - a.length)[0];

const say = ({ from, to, types }: Import): string => `${from} imports ${types ? 'types of ' : ''}${to}`;

architecture('the reader of imports sees every form', () => {
  const source = `
    // import { no } from './comment.ts';
    import type { A } from './a.ts';
    import { type B, type C } from './b.ts';
    import D, { type E } from '../d.ts';
    import * as f from '@scope/pack/sub.js';
    import './effect.ts';
    import {
      long,
    } from 'node:fs';
    export * from './g.ts';
    export type { H } from './h.ts';
    const i = await import('./i.ts'); /* import('./never.ts') */
    const text = 'import x'; const from = "a // b"; require('old');`;
  const found = importsOf(source, 'src/room/file.ts').map(
    ({ to, types, kind }) => `${kind} ${to}${types ? ' types' : ''}`,
  );
  assert.equal(found, [
    'file src/room/a.ts types',
    'file src/room/b.ts types',
    'file src/d.ts',
    'package @scope/pack',
    'file src/room/effect.ts',
    'node node:fs',
    'file src/room/g.ts',
    'file src/room/h.ts types',
    'file src/room/i.ts',
    'package old',
  ]);
});

architecture('every import goes along an allowed edge', () => {
  const wrong = imports.filter(({ from, to, kind, types }) => {
    if (kind !== 'file' || WIRING.some((folder) => within(from, folder))) return false;
    const room = roomOf(from);
    if (room === undefined) return true;
    const target = roomOf(to);
    if (target === room || (target === LEAF && within(room, 'src') && room !== 'src/parser')) return false;
    const edge = ROOMS[room]![to] ?? (target === undefined ? undefined : ROOMS[room]![target]);
    return edge === undefined || (edge === 'nouns' && !types);
  });
  assert.equal(wrong.map(say), []);
});

architecture('session and report leave the process to bin: its streams, arguments, environment and end', () => {
  const rooms = ['src/session', 'src/report'];
  const wrong = files
    .filter((file) => rooms.some((room) => within(file, room)))
    .flatMap((file) => {
      const found = /\bprocess\.(stdout|stderr|stdin|argv|env|exit\w*|on|once|kill)\b|\bconsole\./.exec(
        withoutComments(readSource(file)),
      );
      return found ? [`${file}: ${found[0]}`] : [];
    });
  assert.equal(wrong, []);
});

architecture('every file of src and grammar stands in a room', () => {
  const homeless = files.filter((file) => !WIRING.some((folder) => within(file, folder)) && roomOf(file) === undefined);
  assert.equal(homeless, []);
});

architecture('third parties stay behind their fences', () => {
  const wrong = imports.filter(
    ({ from, to, kind }) => kind === 'package' && !(FENCES[to] ?? []).some((place) => within(from, place)),
  );
  assert.equal(wrong.map(say), []);
});

architecture('no cycles between files, types included', () => {
  const edges = new Map<string, string[]>();
  for (const { from, to, kind } of imports) if (kind === 'file') edges.set(from, [...(edges.get(from) ?? []), to]);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      return;
    }
    if (done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  assert.equal(cycles, []);
});

architecture('grammar, parser and compiler are pure: no system, clock or chance', () => {
  const pure = ['grammar', 'src/parser', 'src/compiler'];
  const system = imports.filter(({ from, kind }) => kind === 'node' && pure.some((room) => within(from, room)));
  assert.equal(system.map(say), []);
  const impure =
    /\b(Math\.random|Date\.now|new Date\b|performance\.|process\.|setTimeout|setInterval|fetch\(|crypto\.)/;
  const wrong = files
    .filter((file) => pure.some((room) => within(file, room)))
    .flatMap((file) => {
      const found = impure.exec(withoutComments(readSource(file)).replace(/(['"])(?:\\.|(?!\1)[^\\\n])*\1/g, ''));
      return found ? [`${file}: ${found[0]}`] : [];
    });
  assert.equal(wrong, []);
});

architecture.run();
