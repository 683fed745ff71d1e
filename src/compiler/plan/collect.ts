// Verb: the items of a file and of what it imports, sorted by what they are.
import type {
  Backbone,
  File,
  Freeze,
  Import,
  Item,
  Let,
  Param,
  Part,
  PartKind,
  Run,
  Statement,
  Sweep,
} from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import { parse } from '../../parser/parse.ts';
import { type Source, sourceOf } from '../../parser/source.ts';
import { importCycle, importFailed } from '../findings/structure.ts';
import { duplicateName, unexpectedBlock } from '../findings/words.ts';
import { nearest } from '../leaf/nearest.ts';
import { blocks } from '../vocabulary/blocks.ts';
import { doubled, refuse } from './read-block.ts';
import { EnoughFound, report, type Scope } from './scope.ts';

/** Reads an imported file; a string is the reason why it cannot be read. */
export type ReadImport = (path: string, from: string) => Source | { readonly problem: string };

/** The parts of one kind. A nameless one has the name ''. */
export type Parts<T> = Map<string, T>;

export interface Program {
  readonly data: Parts<Part>;
  readonly augment: Parts<Part>;
  readonly head: Parts<Part>;
  readonly schedule: Parts<Part>;
  readonly backbone: Parts<Backbone>;
  freeze: Freeze | null;
  seed: Statement | null;
  rules: Statement | null;
  readonly runs: Run[];
  readonly sweeps: Sweep[];
  readonly values: (Let | Param)[];
  /** Kinds that a damaged or misspelt item may have meant: their absence is no further mistake. */
  readonly excused: Set<string>;
  readonly sources: Source[];
  /** The trees of the main file and of what it imports. */
  readonly files: File[];
}

export const collect = (scope: Scope, source: Source, file: File, readImport: ReadImport | null): Program => {
  const program: Program = {
    data: new Map(),
    augment: new Map(),
    head: new Map(),
    schedule: new Map(),
    backbone: new Map(),
    freeze: null,
    seed: null,
    rules: null,
    runs: [],
    sweeps: [],
    values: [],
    excused: new Set(),
    sources: scope.sources,
    files: [file],
  };
  addItems(scope, program, file, [source.name], readImport);
  return program;
};

const addItems = (
  scope: Scope,
  program: Program,
  file: File,
  path: readonly string[],
  readImport: ReadImport | null,
): void => {
  for (const item of file.items) {
    switch (item.kind) {
      case 'data':
      case 'augment':
      case 'head':
      case 'schedule':
        addPart(scope, program, item);
        break;
      case 'backbone':
        addBackbone(scope, program, item);
        break;
      case 'freeze':
        if (program.freeze === null) program.freeze = item;
        else doubled(scope, item, program.freeze);
        break;
      case 'run':
        program.runs.push(item);
        break;
      case 'let':
      case 'param':
        program.values.push(item);
        break;
      case 'sweep':
        program.sweeps.push(item);
        break;
      case 'import':
        addImport(scope, program, item, path, readImport);
        break;
      case 'statement':
        addSetting(scope, program, item);
        break;
      default:
        strange(scope, program, item);
    }
  }
};

const addSetting = (scope: Scope, program: Program, item: Statement): void => {
  const word = item.word.text;
  if (word !== 'seed' && word !== 'rules') {
    strange(scope, program, item);
    return;
  }
  const first = program[word];
  if (first === null) program[word] = item;
  else doubled(scope, item, first);
};

/** A word that does not belong at the top; what it may have meant is excused. */
const strange = (scope: Scope, program: Program, item: Item): void => {
  refuse(scope, item, 'file');
  const near = nearest(item.word.text, Object.keys(blocks.file));
  if (near !== null) program.excused.add(near);
  else if (item.broken) for (const kind of ['data', 'backbone', 'head']) program.excused.add(kind);
};

const addPart = (scope: Scope, program: Program, item: Part): void => {
  const parts = program[item.kind];
  const name = item.name?.text ?? '';
  const first = parts.get(name);
  if (first !== undefined) {
    twice(scope, item, first, `two ${partNames[item.kind]}`, name);
    return;
  }
  if (item.block === null && !item.broken) {
    report(
      scope,
      finding(unexpectedBlock, item.word.span, `\`${item.word.text}\` needs a block.`, {
        help: `Write \`${item.word.text}${item.name === null ? '' : ` ${item.name.text}`} { … }\`.`,
      }),
    );
  }
  parts.set(name, item);
};

const partNames: Readonly<Record<PartKind, string>> = {
  data: 'data blocks',
  augment: 'augment blocks',
  head: 'heads',
  schedule: 'schedules',
};

const addBackbone = (scope: Scope, program: Program, item: Backbone): void => {
  const name = (item.alias ?? item.name)?.text ?? '';
  const first = program.backbone.get(name);
  if (first === undefined) program.backbone.set(name, item);
  else twice(scope, item, first, 'two backbones', name);
};

const twice = (scope: Scope, item: Part | Backbone, first: Part | Backbone, what: string, name: string): void => {
  if (item.broken) return;
  const nameless = name === '';
  report(
    scope,
    finding(
      duplicateName,
      item.name?.span ?? item.word.span,
      nameless ? `There are ${what} without a name.` : `There are ${what} named "${name}".`,
      {
        help: nameless ? 'Name them, and let each run choose one by its name.' : 'Give one of them another name.',
        related: [{ span: first.name?.span ?? first.word.span, message: 'the first one' }],
      },
    ),
  );
};

/** Files that import each other one after the other, and imported files in all. */
const MOST_DEPTH = 50;
const MOST_FILES = 500;

/** What a file that was not read may hold is not missing. */
const excuse = (program: Program): void => {
  for (const kind of ['data', 'backbone', 'head']) program.excused.add(kind);
};

const addImport = (
  scope: Scope,
  program: Program,
  item: Import,
  path: readonly string[],
  readImport: ReadImport | null,
): void => {
  if (item.broken || item.path === null) {
    excuse(program);
    return;
  }
  const excess =
    path.length > MOST_DEPTH
      ? `${MOST_DEPTH} files import each other up to here, one after the other`
      : program.sources.length > MOST_FILES
        ? `${MOST_FILES} files are imported before it`
        : null;
  if (excess !== null) {
    report(
      scope,
      finding(importFailed, item.path.span, `"${item.path.text}" is not imported: ${excess}.`, {
        help: 'Import fewer files.',
      }),
    );
    throw new EnoughFound();
  }
  const found = readImport?.(item.path.text, path.at(-1)!) ?? { problem: 'files cannot be imported here' };
  if ('problem' in found) {
    excuse(program);
    report(
      scope,
      finding(importFailed, item.path.span, `"${item.path.text}" cannot be imported: ${found.problem}.`, {
        help: 'Paths are relative to the file that imports.',
      }),
    );
    return;
  }
  if (path.includes(found.name)) {
    excuse(program);
    report(
      scope,
      finding(importCycle, item.path.span, `This import is a circle: ${[...path, found.name].join(' → ')}.`, {
        help: 'Move what both files need into a third one.',
      }),
    );
    return;
  }
  if (program.sources.some((source) => source.name === found.name)) return;
  const source = sourceOf(found.name, found.text);
  program.sources.push(source);
  const parsed = parse(source);
  program.files.push(parsed.file);
  scope.diagnostics.push(...parsed.diagnostics);
  addItems(scope, program, parsed.file, [...path, found.name], readImport);
};
