// Noun: the abstract syntax tree. Readonly nodes, each with its span; a tree comes back even from a broken file.
import type { Span } from './source.ts';

interface Node {
  readonly span: Span;
}

/** A word or a text that names something. */
export interface Name extends Node {
  readonly kind: 'name';
  readonly text: string;
}

export interface File extends Node {
  readonly kind: 'file';
  readonly items: readonly Item[];
}

export interface Block extends Node {
  readonly kind: 'block';
  readonly items: readonly Item[];
}

interface ItemNode extends Node {
  /** The word that the item begins with. */
  readonly word: Name;
  /** The syntax of this item is damaged and already reported: say nothing more about it. */
  readonly broken: boolean;
}

export type PartKind = 'data' | 'augment' | 'head' | 'schedule';

/** `head mlp { … }`, `head mlp`, `head { … }`. */
export interface Part extends ItemNode {
  readonly kind: PartKind;
  readonly name: Name | null;
  readonly block: Block | null;
}

/** `backbone vgg16 { … }`, `backbone vgg16 "b" { … }`, `backbone cnn { … }`. */
export interface Backbone extends ItemNode {
  readonly kind: 'backbone';
  readonly name: Name | null;
  /** A second name, where a file holds the same known backbone twice. */
  readonly alias: Name | null;
  readonly block: Block | null;
}

export interface Freeze extends ItemNode {
  readonly kind: 'freeze';
  readonly sentence: readonly Value[];
  readonly block: Block | null;
}

export interface Stage extends ItemNode {
  readonly kind: 'stage';
  readonly name: Name | null;
  readonly block: Block | null;
}

export interface Run extends ItemNode {
  readonly kind: 'run';
  readonly name: Name | null;
  readonly continues: Name | null;
  readonly block: Block | null;
}

export interface Let extends ItemNode {
  readonly kind: 'let';
  readonly name: Name | null;
  readonly value: Value | null;
}

export interface Param extends ItemNode {
  readonly kind: 'param';
  readonly name: Name | null;
  readonly value: Value | null;
  /** What `--set` may choose from: a range or a list. */
  readonly allowed: Value | null;
}

export interface Import extends ItemNode {
  readonly kind: 'import';
  readonly path: Name | null;
}

export interface Sweep extends ItemNode {
  readonly kind: 'sweep';
  readonly entries: readonly SweepEntry[];
}

export interface SweepEntry extends Node {
  readonly kind: 'sweep_entry';
  readonly name: Name;
  readonly values: Value | null;
}

/** `word(key: value) value … (key: value) { … }`. */
export interface Statement extends ItemNode {
  readonly kind: 'statement';
  readonly values: readonly Value[];
  /** Of the call and of the trailing options together. */
  readonly args: readonly Arg[];
  readonly block: Block | null;
}

/** A block that stands alone: a branch of `add` and `concatenate`. */
export interface Branch extends ItemNode {
  readonly kind: 'branch';
  readonly block: Block;
}

export type Item = Part | Backbone | Freeze | Stage | Run | Let | Param | Import | Sweep | Statement | Branch;

export interface Arg extends Node {
  readonly kind: 'arg';
  readonly name: Name | null;
  readonly value: Value;
}

export type Value =
  /** `unit` as written: `%`, `deg`, …; empty: none. `value` without the unit: 50 of `50%`. */
  | (Node & { readonly kind: 'number'; readonly value: number; readonly unit: string })
  | (Node & { readonly kind: 'dims'; readonly sizes: readonly number[] })
  | (Node & { readonly kind: 'text'; readonly text: string })
  | (Node & { readonly kind: 'word'; readonly text: string })
  | (Node & { readonly kind: 'pattern'; readonly text: string })
  | (Node & { readonly kind: 'call'; readonly word: Name; readonly args: readonly Arg[] })
  | (Node & { readonly kind: 'list'; readonly items: readonly Value[] })
  | (Node & { readonly kind: 'range'; readonly low: Value; readonly high: Value; readonly step: Value | null })
  | (Node & {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: Value;
      readonly right: Value;
    });
