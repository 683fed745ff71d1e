// Verb: concrete to abstract syntax tree. Tolerant: a piece that is missing becomes null, and its item `broken`.
import type { CstElement, CstNode, IToken } from 'chevrotain';
import type { Arg, Backbone, Block, File, Freeze, Item, Name, Part, PartKind, SweepEntry, Value } from './ast.ts';
import { type Diagnostic, finding } from './diagnostic.ts';
import { unexpectedToken } from './rules/rules.ts';
import { clampSpan, joinSpans, type Source, type Span } from './source.ts';

export interface Built {
  readonly file: File;
  readonly diagnostics: readonly Diagnostic[];
}

/** `errors`: spans of syntax findings; items that hold one in their own text (not in their block) are broken. */
export const buildAst = (source: Source, cst: CstNode, errors: readonly Span[]): Built => {
  const builder = new Builder(source, errors);
  const items = builder.items(cst);
  return {
    file: { kind: 'file', items, span: clampSpan(source, 0, source.text.length) },
    diagnostics: builder.diagnostics,
  };
};

/** A sign with the spaces around it. */
const signSpan = (source: Source, start: number, end: number): Span => {
  const isSpace = (at: number): boolean => source.text[at] === ' ' || source.text[at] === '\t';
  let [from, to] = [start, end];
  while (isSpace(from - 1)) from--;
  while (isSpace(to)) to++;
  return clampSpan(source, from, to);
};

const isNode = (element: CstElement | undefined): element is CstNode => element !== undefined && 'children' in element;
const node = (parent: CstNode, key: string, index = 0): CstNode | null => {
  const found = parent.children[key]?.[index];
  return isNode(found) ? found : null;
};
const nodes = (parent: CstNode, key: string): readonly CstNode[] => (parent.children[key] ?? []).filter(isNode);
const token = (parent: CstNode, key: string, index = 0): IToken | null => {
  const found = parent.children[key]?.[index];
  return found !== undefined && !isNode(found) && found.isInsertedInRecovery !== true ? found : null;
};

/** Holds the source while it walks one tree. */
class Builder {
  readonly diagnostics: Diagnostic[] = [];

  constructor(
    private readonly source: Source,
    private readonly errors: readonly Span[],
  ) {}

  items(parent: CstNode): readonly Item[] {
    const out: Item[] = [];
    for (const child of nodes(parent, 'item')) {
      const stray = node(child, 'stray');
      if (stray === null) {
        const built = this.item(child);
        if (built !== null) out.push(built);
        continue;
      }
      const before = out.at(-1);
      const span = this.span(stray);
      const attached = before !== undefined && !/[\r\n;]/.test(this.source.text.slice(before.span.end, span.start));
      if (attached) out[out.length - 1] = { ...before, broken: true };
      this.stray(stray, attached ? before : null);
    }
    return out;
  }

  private stray(stray: CstNode, before: Item | null): void {
    const span = this.span(stray);
    const first = this.tokens(stray)[0];
    if (first === undefined || this.errors.some((e) => e.start <= span.end && e.end >= span.start)) return;
    const sign = first.image;
    const rest = this.source.text.slice(first.startOffset + sign.length, span.end).trim();
    const end = first.startOffset + sign.length;
    const place = clampSpan(this.source, first.startOffset, end);
    this.diagnostics.push(
      before !== null && (sign === '=' || sign === ':')
        ? finding(unexpectedToken, place, `There is no \`${sign}\` between a word and its value.`, {
            help: `Write \`${before.word.text} ${rest}\`.`,
            fix: {
              title: `Remove \`${sign}\``,
              edits: [{ kind: 'replace', span: signSpan(this.source, first.startOffset, end), text: ' ' }],
              safe: true,
            },
          })
        : finding(
            unexpectedToken,
            place,
            `A statement cannot ${before === null ? 'begin' : 'go on'} with \`${sign}\`.`,
            {
              help: 'A statement is `word value …`, one a line or with `;` between.',
            },
          ),
    );
  }

  private item(parent: CstNode): Item | null {
    const key = Object.keys(parent.children)[0];
    const child = key === undefined ? null : node(parent, key);
    if (child === null || key === undefined) return null;
    switch (key) {
      case 'data':
      case 'augment':
      case 'head':
      case 'schedule':
        return this.part(key, child);
      case 'backbone':
        return this.backbone(child);
      case 'freeze':
        return this.freeze(child);
      case 'stage':
        return { kind: 'stage', ...this.common(child), name: this.name(node(child, 'name')), block: this.block(child) };
      case 'run':
        return {
          kind: 'run',
          ...this.common(child),
          name: this.name(node(child, 'runName')),
          continues: this.name(node(child, 'name')),
          block: this.block(child),
        };
      case 'let':
        return {
          kind: 'let',
          ...this.common(child),
          name: this.tokenName(token(child, 'Word')),
          value: this.value(node(child, 'value')),
        };
      case 'param':
        return {
          kind: 'param',
          ...this.common(child),
          name: this.tokenName(token(child, 'Word')),
          value: this.value(node(child, 'value')),
          allowed: this.value(node(child, 'value', 1)),
        };
      case 'import':
        return { kind: 'import', ...this.common(child), path: this.tokenName(token(child, 'Text')) };
      case 'sweep':
        return this.sweep(child);
      case 'statement': {
        const args = [...this.args(node(child, 'call')), ...this.args(node(child, 'options'))];
        return { kind: 'statement', ...this.common(child), values: this.values(child), args, block: this.block(child) };
      }
      case 'block': {
        const block = this.blockOf(child);
        const brace = clampSpan(this.source, block.span.start, block.span.start + 1);
        return {
          kind: 'branch',
          span: block.span,
          word: { kind: 'name', text: '{', span: brace },
          broken: false,
          block,
        };
      }
      default:
        return null;
    }
  }

  private part(kind: PartKind, child: CstNode): Part {
    return { kind, ...this.common(child), name: this.name(node(child, 'name')), block: this.block(child) };
  }

  private backbone(child: CstNode): Backbone {
    return {
      kind: 'backbone',
      ...this.common(child),
      name: this.name(node(child, 'name')),
      alias: this.name(node(child, 'name', 1)),
      block: this.block(child),
    };
  }

  private freeze(child: CstNode): Freeze {
    return { kind: 'freeze', ...this.common(child), sentence: this.values(child), block: this.block(child) };
  }

  private sweep(child: CstNode): Item {
    const common = this.common(child);
    const bare = token(child, 'BlockOpen') === null;
    if (bare && !common.broken) {
      this.diagnostics.push(
        finding(unexpectedToken, common.word.span, '`sweep` needs a block.', {
          help: 'Write `sweep { name in [value, value] }`.',
        }),
      );
    }
    const entries = nodes(child, 'sweepEntry').flatMap((e) => this.sweepEntry(e));
    return { kind: 'sweep', ...common, broken: common.broken || bare, entries };
  }

  private sweepEntry(child: CstNode): readonly SweepEntry[] {
    const name = this.tokenName(token(child, 'Word'));
    return name === null
      ? []
      : [{ kind: 'sweep_entry', name, values: this.value(node(child, 'value')), span: this.span(child) }];
  }

  /** The first word of an item, its span, and whether its own text (up to its block) holds a syntax error. */
  private common(child: CstNode): { readonly word: Name; readonly span: Span; readonly broken: boolean } {
    const span = this.span(child);
    const text = /^\w+/.exec(this.source.text.slice(span.start, Math.min(span.end, span.start + 200)))?.[0] ?? '';
    const word: Name = { kind: 'name', text, span: clampSpan(this.source, span.start, span.start + text.length) };
    const block = node(child, 'block');
    const end = block === null ? span.end : this.span(block).start;
    const broken = this.errors.some((e) => e.start >= span.start && e.start <= end);
    return { word, span, broken: broken || child.recoveredNode === true };
  }

  private block(parent: CstNode): Block | null {
    const child = node(parent, 'block');
    return child === null ? null : this.blockOf(child);
  }

  private blockOf(child: CstNode): Block {
    return { kind: 'block', items: this.items(child), span: this.span(child) };
  }

  private args(call: CstNode | null): readonly Arg[] {
    const list = call === null ? null : node(call, 'args');
    if (list === null) return [];
    return nodes(list, 'arg').flatMap((child) => {
      const value = this.value(node(child, 'value'));
      return value === null
        ? []
        : [{ kind: 'arg', name: this.tokenName(token(child, 'Word')), value, span: this.span(child) }];
    });
  }

  private values(parent: CstNode): readonly Value[] {
    return nodes(parent, 'value').flatMap((child) => this.value(child) ?? []);
  }

  private value(child: CstNode | null): Value | null {
    if (child === null) return null;
    const low = this.chain(node(child, 'sum'), 'product', 'AddSign', (p) => this.product(p));
    const high = this.chain(node(child, 'sum', 1), 'product', 'AddSign', (p) => this.product(p));
    if (low === null || high === null) return low;
    const step = this.chain(node(child, 'sum', 2), 'product', 'AddSign', (p) => this.product(p));
    return { kind: 'range', low, high, step, span: joinSpans(low.span, (step ?? high).span) };
  }

  private product(child: CstNode): Value | null {
    return this.chain(child, 'atom', 'TimesSign', (atom) => this.atom(atom));
  }

  /** `a + b - c`, from the left. */
  private chain(
    parent: CstNode | null,
    key: string,
    signs: string,
    build: (child: CstNode) => Value | null,
  ): Value | null {
    if (parent === null) return null;
    let left: Value | null = null;
    for (const [i, child] of nodes(parent, key).entries()) {
      const right = build(child);
      const operator = i === 0 ? null : (token(parent, signs, i - 1)?.image ?? null);
      if (right === null) continue;
      if (left === null || operator === null) left = right;
      else if (operator === '+' || operator === '-' || operator === '*' || operator === '/') {
        left = { kind: 'arithmetic', operator, left, right, span: joinSpans(left.span, right.span) };
      }
    }
    return left;
  }

  private atom(child: CstNode): Value | null {
    const key = Object.keys(child.children)[0];
    const element = key === undefined ? undefined : child.children[key]?.[0];
    if (element === undefined) return null;
    if (!isNode(element)) return element.isInsertedInRecovery === true ? null : this.literal(element);
    if (key === 'list') return { kind: 'list', items: this.values(element), span: this.span(element) };
    if (key === 'group') return this.value(node(element, 'value'));
    const word = this.tokenName(token(element, 'Word'));
    if (word === null) return null;
    const call = node(element, 'call');
    return call === null
      ? { kind: 'word', text: word.text, span: word.span }
      : { kind: 'call', word, args: this.args(call), span: this.span(element) };
  }

  private literal(literal: IToken): Value {
    const span = this.tokenSpan(literal);
    switch (literal.tokenType.name) {
      case 'Dims':
        return { kind: 'dims', sizes: literal.image.split('x').map(Number), span };
      case 'Text':
        return { kind: 'text', text: unquote(literal.image), span };
      case 'Pattern':
        return { kind: 'pattern', text: literal.image, span };
      default: {
        const digits = /^-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/.exec(literal.image)?.[0] ?? '';
        return { kind: 'number', value: Number(digits), unit: literal.image.slice(digits.length), span };
      }
    }
  }

  private name(parent: CstNode | null): Name | null {
    return parent === null ? null : this.tokenName(token(parent, 'Word') ?? token(parent, 'Text'));
  }

  private tokenName(found: IToken | null): Name | null {
    if (found === null) return null;
    return {
      kind: 'name',
      text: found.image.startsWith('"') ? unquote(found.image) : found.image,
      span: this.tokenSpan(found),
    };
  }

  private tokenSpan(found: IToken): Span {
    return clampSpan(this.source, found.startOffset, found.startOffset + found.image.length);
  }

  private span(child: CstNode): Span {
    const location = child.location;
    if (location === undefined || Number.isNaN(location.startOffset)) return clampSpan(this.source, 0, 0);
    const end =
      location.endOffset === undefined || Number.isNaN(location.endOffset)
        ? location.startOffset
        : location.endOffset + 1;
    return clampSpan(this.source, location.startOffset, end);
  }

  /** All tokens below a node in the order of the text. */
  private tokens(child: CstNode): readonly IToken[] {
    const out: IToken[] = [];
    const visit = (element: CstElement): void => {
      if (isNode(element)) for (const list of Object.values(element.children)) list.forEach(visit);
      else if (element.isInsertedInRecovery !== true) out.push(element);
    };
    visit(child);
    return out.sort((a, b) => a.startOffset - b.startOffset);
  }
}

const unquote = (image: string): string => image.replace(/^"/, '').replace(/"$/, '');
