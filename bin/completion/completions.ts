// Verb: the table of commands to what can be completed where: the one form that the scripts of all shells are written from.
import { rules } from '../../src/compiler/findings/index.ts';
import { type BlockName, blocks, blockTitle } from '../../src/compiler/vocabulary/blocks.ts';
import { cacheActions } from '../commands/cache.ts';
import { templates } from '../commands/templates.ts';

/** As much of the table of commands as completion needs; the table imports this, not the other way round. */
export interface Usage {
  readonly usage: string;
  readonly doc: string;
  readonly options: readonly OptionUsage[];
}

interface OptionUsage {
  readonly flags: string;
  readonly doc: string;
  readonly type?: string;
  readonly choices?: readonly string[];
}

export interface Choice {
  readonly word: string;
  readonly doc: string;
}

/** What can stand at a place. */
export type Place =
  | { readonly kind: 'words'; readonly name: string; readonly choices: readonly Choice[] }
  /** Files that end in `.tlp`, and folders on the way to them. */
  | { readonly kind: 'pipelines' }
  | { readonly kind: 'files' }
  | { readonly kind: 'folders' }
  /** Only the person knows. */
  | { readonly kind: 'free'; readonly name: string };

export interface CompletedOption {
  /** `--format`. */
  readonly flag: string;
  readonly doc: string;
  /** Null: it takes no value. */
  readonly value: Place | null;
  readonly repeated: boolean;
}

export interface CompletedCommand {
  readonly name: string;
  readonly doc: string;
  readonly options: readonly CompletedOption[];
  readonly args: readonly { readonly place: Place; readonly many: boolean }[];
}

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

const help: CompletedOption = { flag: '--help', doc: 'Show what it does and takes.', value: null, repeated: false };

/** Options of `tlp` itself. */
export const rootOptions: readonly CompletedOption[] = [
  help,
  { flag: '--version', doc: 'Show the version.', value: null, repeated: false },
];

const plain = (words: readonly string[]): readonly Choice[] => words.map((word) => ({ word, doc: '' }));

/** Arguments by the name that their usage gives them. */
const argumentPlaces: Readonly<Record<string, () => Place>> = {
  file: () => ({ kind: 'pipelines' }),
  files: () => ({ kind: 'pipelines' }),
  folder: () => ({ kind: 'folders' }),
  run: () => ({ kind: 'folders' }),
  images: () => ({ kind: 'files' }),
  'file-or-run': () => ({ kind: 'files' }),
  'folder-or-file': () => ({ kind: 'files' }),
  template: () => ({
    kind: 'words',
    name: 'template',
    choices: Object.entries(templates).map(([word, { doc }]) => ({ word, doc })),
  }),
  finding: () => ({
    kind: 'words',
    name: 'finding',
    choices: rules.flatMap(({ code, name, summary }) => [
      { word: code, doc: `${name}: ${summary}` },
      { word: name, doc: summary },
    ]),
  }),
  block: () => ({
    kind: 'words',
    name: 'block',
    choices: (Object.keys(blocks) as readonly BlockName[])
      .filter((block) => block !== 'branches')
      .map((word) => ({ word, doc: blockTitle[word].replaceAll('`', '') })),
  }),
  action: () => ({
    kind: 'words',
    name: 'action',
    choices: Object.entries(cacheActions).map(([word, doc]) => ({ word, doc })),
  }),
  shell: () => ({ kind: 'words', name: 'shell', choices: plain(shells) }),
};

/** Values of options by the name that their flags give them. */
const valuePlaces: Readonly<Record<string, () => Place>> = {
  file: () => ({ kind: 'files' }),
  'folder-or-file': () => ({ kind: 'files' }),
  folder: () => ({ kind: 'folders' }),
  'name=level': () => ({
    kind: 'words',
    name: 'rule',
    choices: rules
      .filter((rule) => rule.severity === 'warning')
      .flatMap(({ name, summary }) =>
        ['off', 'warning', 'error'].map((level) => ({ word: `${name}=${level}`, doc: summary })),
      ),
  }),
};

const readOption = ({ flags, doc, choices, type }: OptionUsage): CompletedOption => {
  const [, flag, value] = /^(?:-\w, )?(--[\w-]+)(?: [<[]([^>\]]+)[>\]])?$/.exec(flags) ?? [];
  if (flag === undefined) throw new Error(`completion cannot read the flags ${flags}`);
  const place = (): Place =>
    choices === undefined
      ? (valuePlaces[value!]?.() ?? { kind: 'free', name: value! })
      : { kind: 'words', name: value!, choices: plain(choices) };
  return { flag, doc, value: value === undefined ? null : place(), repeated: type === 'list' };
};

export const readCompletions = (commands: readonly Usage[]): readonly CompletedCommand[] =>
  commands.map(({ usage, doc, options }) => {
    const [name, ...args] = usage.split(' ');
    return {
      name: name!,
      doc,
      options: [...options.map(readOption), help],
      args: args.map((arg) => {
        const word = arg.replace(/^[<[]|[>\]]$/g, '');
        const argument = word.replace('...', '');
        const place = argumentPlaces[argument]?.() ?? { kind: 'free', name: argument };
        return { place, many: word.endsWith('...') };
      }),
    };
  });
