// Verb: `name=value` from the command line to values of the language.
import type { Value } from '../../parser/ast.ts';
import { type Diagnostic, finding } from '../../parser/diagnostic.ts';
import { parse } from '../../parser/parse.ts';
import { unexpectedToken } from '../../parser/rules/rules.ts';
import { type Source, sourceOf } from '../../parser/source.ts';

export interface Settings {
  readonly values: ReadonlyMap<string, Value>;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly Source[];
}

export const readSettings = (set: readonly string[]): Settings => {
  const values = new Map<string, Value>();
  const diagnostics: Diagnostic[] = [];
  const sources: Source[] = [];
  for (const [i, pair] of set.entries()) {
    const source = sourceOf(set.length === 1 ? '--set' : `--set ${i + 1}`, pair);
    sources.push(source);
    const split = pair.indexOf('=');
    const name = pair.slice(0, split);
    // Parsed in place of the pair, so that spans fit: `let name=value` moved to the left by its keyword.
    const parsed = parse(sourceOf(source.name, `let ${pair}`));
    const [item] = parsed.file.items;
    const sound = split > 0 && parsed.file.items.length === 1 && parsed.diagnostics.length === 0;
    if (sound && item?.kind === 'let' && item.value !== null) {
      values.set(name.trim(), { ...item.value, span: { file: source.name, start: split + 1, end: pair.length } });
    } else {
      diagnostics.push(
        finding(unexpectedToken, { file: source.name, start: 0, end: pair.length }, 'This is no `name=value`.', {
          help: 'Write `--set lr=1e-4`, for example.',
        }),
      );
    }
  }
  return { values, diagnostics, sources };
};
