// Verb: a read program to its names: where each is defined and where it is used. For editors; findings do not need it.
import type { Backbone, Item, Let, Param, Part, Run } from '../../parser/ast.ts';
import type { Span } from '../../parser/source.ts';
import { type AstNode, walk } from '../../parser/walk.ts';
import type { Program } from './collect.ts';

type Defining = Let | Param | Run | Part | Backbone;

export interface Binding {
  readonly kind: Defining['kind'];
  readonly name: string;
  /** The name where it is defined. */
  readonly definition: Span;
  /** The names that stand for it elsewhere, in the order of files and text. */
  readonly uses: readonly Span[];
}

/** `values`: those of `let` and `param`, which share their names. */
type Room = 'values' | 'run' | Part['kind'] | 'backbone';

interface Use {
  readonly room: Room;
  readonly name: string;
  readonly span: Span;
}

/** Names that are defined, in the order of the program. Of two alike the first counts; what has no definition is no binding. */
export const bindingsOf = (program: Program): readonly Binding[] => {
  const found = new Map<string, Binding & { readonly uses: Span[] }>();
  for (const { room, name, span, kind } of definitionsOf(program)) {
    const key = `${room} ${name}`;
    if (!found.has(key)) found.set(key, { kind, name, definition: span, uses: [] });
  }
  for (const file of program.files) {
    for (const item of file.items) {
      for (const use of usesIn(item)) found.get(`${use.room} ${use.name}`)?.uses.push(use.span);
    }
  }
  return [...found.values()];
};

const definitionsOf = (program: Program): readonly (Use & Pick<Binding, 'kind'>)[] => {
  const named = (room: Room, item: Defining): readonly (Use & Pick<Binding, 'kind'>)[] => {
    const name = item.kind === 'backbone' ? (item.alias ?? item.name) : item.name;
    return name === null ? [] : [{ room, name: name.text, span: name.span, kind: item.kind }];
  };
  const parts = (['data', 'augment', 'backbone', 'head', 'schedule'] as const).flatMap((kind) =>
    [...program[kind].values()].flatMap((part: Part | Backbone) => named(kind, part)),
  );
  return [
    ...program.values.flatMap((item) => named('values', item)),
    ...parts,
    ...program.runs.flatMap((run) => named('run', run)),
  ];
};

/** Words of a freeze sentence; names of values stand beside them. */
const freezeWords: ReadonlySet<string> = new Set([
  'none',
  'all',
  'backbone',
  'first',
  'except',
  'last',
  'from',
  'layers',
  'layer',
]);

function* usesIn(item: Item): Generator<Use> {
  if (item.kind === 'run') yield* usesOfRun(item);
  const keywords = new Set<AstNode>();
  for (const node of walk(item)) {
    if (node.kind === 'freeze') {
      for (const word of node.sentence) if (word.kind === 'word' && freezeWords.has(word.text)) keywords.add(word);
    }
    if (node.kind === 'word' && !keywords.has(node)) yield { room: 'values', name: node.text, span: node.span };
    if (node.kind === 'sweep_entry') yield { room: 'values', name: node.name.text, span: node.name.span };
    if (node.kind === 'call' && node.word.text === 'run') {
      for (const { value } of node.args) {
        if (value.kind === 'text') yield { room: 'run', name: value.text, span: value.span };
      }
    }
  }
}

/** What a run names: the run that it continues, and parts without a block. */
function* usesOfRun({ continues, block }: Run): Generator<Use> {
  if (continues !== null) yield { room: 'run', name: continues.text, span: continues.span };
  for (const item of block?.items ?? []) {
    switch (item.kind) {
      case 'data':
      case 'augment':
      case 'head':
      case 'schedule':
      case 'backbone':
        if (item.block === null && item.name !== null) {
          yield { room: item.kind, name: item.name.text, span: item.name.span };
        }
    }
  }
}
