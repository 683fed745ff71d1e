// Table: the commands of `tlp`, their arguments and options. Shell completion and help read it too.
import { deviceChoices } from '../src/runtime/engine/devices.ts';

export interface OptionTable {
  readonly flags: string;
  readonly doc: string;
  /** `count`: whole number from 0; `positive`: from 1; `seed`: of 32 bits; `list`: may be given several times. */
  readonly type?: 'count' | 'positive' | 'seed' | 'list';
  readonly choices?: readonly string[];
  readonly mandatory?: boolean;
}

/** What commander read: the option table makes it what the command takes. */
export type Options = Readonly<Record<string, never>>;

export interface CommandTable {
  /** `run <file>`, as commander writes it. */
  readonly usage: string;
  readonly doc: string;
  readonly options: readonly OptionTable[];
  /** Loads the command's code and calls it; the exit code. */
  readonly action: (args: readonly unknown[], options: Options) => Promise<number>;
}

const json: OptionTable = { flags: '--json', doc: 'Print JSON.' };
const set: OptionTable = {
  flags: '--set <name=value>',
  doc: 'Set a param of the file; TLP_PARAM_NAME in the environment does, too.',
  type: 'list',
};
const rule: OptionTable = {
  flags: '--rule <name=level>',
  doc: 'Set a warning to off, warning or error; before what the file says.',
  type: 'list',
};
const run: OptionTable = { flags: '--run <name>', doc: 'This run only.' };
const device: OptionTable = { flags: '--device <device>', doc: 'Where to compute.', choices: deviceChoices };

export const commands: readonly CommandTable[] = [
  {
    usage: 'check <files...>',
    doc: 'Check pipelines; - is standard input.',
    options: [
      {
        flags: '--format <format>',
        doc: 'How findings are printed.',
        choices: ['text', 'concise', 'json', 'jsonl', 'sarif', 'github', 'junit'],
      },
      { flags: '--error-on-warnings', doc: 'Exit 1 on warnings too.' },
      { flags: '--fix', doc: 'Cure what can be cured without a change of meaning; - goes to standard output.' },
      { flags: '--unsafe-fixes', doc: 'Cure the rest that tlp has a cure for, too; read what it changed.' },
      { flags: '--diff', doc: 'Show what --fix or --unsafe-fixes would change; write nothing.' },
      rule,
      set,
    ],
    action: async ([files], options) =>
      (await import('./commands/check.ts')).check(files as readonly string[], options),
  },
  {
    usage: 'plan <file>',
    doc: 'Show what will be done, every default filled in.',
    options: [
      json,
      { flags: '--facts', doc: 'With --json: { plan, facts }, with sizes, costs and what can be cached.' },
      {
        flags: '--against <other>',
        doc: 'Show what changed from another pipeline, plan or run folder, and what that costs.',
      },
      run,
      rule,
      set,
    ],
    action: async ([file], options) => (await import('./commands/plan.ts')).plan(file as string, options),
  },
  {
    usage: 'run [file]',
    doc: 'Train a pipeline.',
    options: [
      { flags: '--json', doc: 'One event a line on standard output, nothing else there.' },
      device,
      { flags: '--epochs <number>', doc: 'Epochs of every stage.', type: 'count' },
      { flags: '--limit <number>', doc: 'At most so many train images.', type: 'positive' },
      { flags: '--seed <number>', doc: 'Seed of all runs.', type: 'seed' },
      { flags: '--out <folder>', doc: 'Folder of all runs (default: runs).' },
      set,
      rule,
      run,
      { flags: '--no-cache', doc: 'Compute the features of frozen layers for every batch; keep none.' },
      {
        flags: '--cache-size <size>',
        doc: 'Most that is kept of them: 20GB, 500MB (default: 10GB, or a quarter of the free disk).',
      },
      {
        flags: '--checkpoint-every <seconds>',
        doc: 'Seconds between checkpoints (default: 30; the first comes after 3).',
        type: 'count',
      },
      { flags: '--hash-data', doc: 'Read all images first, so that a changed pixel is noticed when the run goes on.' },
      { flags: '--accept-changed-data', doc: 'With --resume: go on although the data have changed.' },
      {
        flags: '--resume [folder]',
        doc: 'Go on with an interrupted or killed run, and the runs behind it; without a folder with the last one.',
      },
    ],
    action: async ([file], options) => (await import('./commands/run.ts')).run(file as string | undefined, options),
  },
  {
    usage: 'predict <run> <images...>',
    doc: 'Show the most likely classes of images, by the folder of a finished run.',
    options: [
      { flags: '--top <number>', doc: 'Classes of each image (default: 3).', type: 'positive' },
      { flags: '--json', doc: 'One image a line on standard output, as JSON.' },
      { flags: '--csv', doc: 'One image a line on standard output, as CSV.' },
      { flags: '--batch <number>', doc: 'Images at once (default: as the run was trained).', type: 'positive' },
      device,
    ],
    action: async ([run, images], options) =>
      (await import('./commands/predict.ts')).predict(run as string, images as readonly string[], options),
  },
  {
    usage: 'evaluate <run>',
    doc: 'Measure a finished run: loss, accuracy, top-5, and a report by class.',
    options: [
      {
        flags: '--data <folder-or-file>',
        doc: 'A folder with one folder of images for each class, or a pipeline whose data are taken.',
      },
      {
        flags: '--split <split>',
        doc: 'What to measure on (default: test, else validation).',
        choices: ['test', 'validation', 'train'],
      },
      json,
      device,
    ],
    action: async ([run], options) => (await import('./commands/evaluate.ts')).evaluate(run as string, options),
  },
  {
    usage: 'embed <file-or-run> [folder-or-file]',
    doc: 'Write the features at the freeze frontier, one row an image, of a run or a pipeline.',
    options: [
      { flags: '--out <file>', doc: 'A .npy file; names and classes go beside it, into .csv.', mandatory: true },
      run,
      set,
      device,
    ],
    action: async ([of, data], options) =>
      (await import('./commands/embed.ts')).embed(
        of as string,
        data as string | undefined,
        options as { readonly out: never },
      ),
  },
  {
    usage: 'compile <file>',
    doc: 'Print or write one stage between the plan and the engine.',
    options: [
      {
        flags: '--emit <what>',
        doc: 'What to emit.',
        choices: ['layers', 'training', 'onnx', 'kernel'],
        mandatory: true,
      },
      run,
      {
        flags: '--out <file>',
        doc: 'Write to a file; - is standard output. Layers in a .json file are Keras topology, which tfjs loads.',
      },
      rule,
      set,
    ],
    action: async ([file], options) =>
      (await import('./commands/compile.ts')).compile(file as string, options as { readonly emit: never }),
  },
  {
    usage: 'export <folder>',
    doc: 'Write the model of a finished run for other programs.',
    options: [
      {
        flags: '--to <format>',
        doc: 'Which format.',
        choices: ['onnx', 'tfjs', 'keras', 'safetensors'],
        mandatory: true,
      },
      {
        flags: '--out <file>',
        doc: 'File or folder to write (default: named after the pipeline, in the working folder).',
      },
      {
        flags: '--preprocess <where>',
        doc: 'With onnx: whether the model takes uint8 RGB images of any size (inside, the default), or prepared ones.',
        choices: ['inside', 'outside'],
      },
      { flags: '--train', doc: 'With keras: the whole pipeline as a Keras program, too.' },
      { flags: '--force', doc: 'Replace what an earlier export left there.' },
    ],
    action: async ([folder], options) =>
      (await import('./commands/export.ts')).exportModel(folder as string, options as { readonly to: never }),
  },
  {
    usage: 'fmt <files...>',
    doc: 'Write pipelines in the canonical style; - is standard input to standard output.',
    options: [
      { flags: '--check', doc: 'Write nothing; exit 1 where a file would change.' },
      { flags: '--diff', doc: 'Write nothing; show what would change.' },
    ],
    action: async ([files], options) => (await import('./commands/fmt.ts')).fmt(files as readonly string[], options),
  },
  {
    usage: 'init [template] [folder]',
    doc: 'Write a pipeline to begin with: own, transfer or compare.',
    options: [],
    action: async ([template, folder]) =>
      (await import('./commands/init.ts')).init(template as string | undefined, folder as string | undefined),
  },
  {
    usage: 'explain [finding]',
    doc: 'Explain a finding by its code or name.',
    options: [
      { flags: '--all', doc: 'All findings.' },
      { flags: '--format <format>', doc: 'How it is printed.', choices: ['text', 'json'] },
    ],
    action: async ([finding], options) =>
      (await import('./commands/explain.ts')).explain(finding as string | undefined, options),
  },
  {
    usage: 'words [block]',
    doc: 'Show the words of the language.',
    options: [json],
    action: async ([block], options) =>
      (await import('./commands/words.ts')).words(block as string | undefined, options),
  },
  {
    usage: 'backbones',
    doc: 'Show the known backbones.',
    options: [json],
    action: async (_, options) => (await import('./commands/words.ts')).listBackbones(options),
  },
  {
    usage: 'doctor',
    doc: 'Show which engines and devices work here, and why not.',
    options: [json],
    action: async (_, options) => (await import('./commands/doctor.ts')).doctor(options),
  },
  {
    usage: 'cache [action] [key]',
    doc: 'Show, verify or clear the features of frozen layers that are kept on this machine.',
    options: [json, { flags: '--all', doc: 'With clear: every cache.' }],
    action: async ([action, key], options) =>
      (await import('./commands/cache.ts')).cache(action as string | undefined, key as string | undefined, options),
  },
  {
    usage: 'clean [folder]',
    doc: 'Remove what killed runs left in a folder of runs (default: runs) before they had learned anything.',
    options: [json, { flags: '--all', doc: 'What can go on, and what other machines left, too.' }],
    action: async ([folder], options) =>
      (await import('./commands/clean.ts')).clean(folder as string | undefined, options),
  },
  {
    usage: 'completion <shell>',
    doc: 'Print a script that completes tlp in a shell: bash, zsh or fish.',
    options: [],
    action: async ([shell]) => (await import('./commands/completion.ts')).completion(shell as string, commands),
  },
];
