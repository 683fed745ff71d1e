// Verb: what is set from outside, on the command line or in the environment, to values of the language.
import type { Value } from '../../parser/ast.ts';
import { type Diagnostic, finding } from '../../parser/diagnostic.ts';
import { parse } from '../../parser/parse.ts';
import { unexpectedToken } from '../../parser/rules/rules.ts';
import { type Source, sourceOf } from '../../parser/source.ts';

export interface Settings {
  readonly values: ReadonlyMap<string, Value>;
  readonly diagnostics: readonly Diagnostic[];
  /** The texts that the findings speak of. */
  readonly sources: readonly Source[];
}

/** `--set name=value`, each. */
export const readSettings = (set: readonly string[]): Settings => {
  const values = new Map<string, Value>();
  const diagnostics: Diagnostic[] = [];
  const sources: Source[] = [];
  for (const [i, pair] of set.entries()) {
    const source = sourceOf(set.length === 1 ? '--set' : `--set ${i + 1}`, pair);
    sources.push(source);
    const split = pair.indexOf('=');
    const value = split > 0 ? readText(source.name, pair.slice(0, split), pair.slice(split + 1)) : null;
    const span = { file: source.name, start: split + 1, end: pair.length };
    if (value !== null) values.set(pair.slice(0, split).trim(), { ...value, span });
    else {
      diagnostics.push(
        finding(unexpectedToken, { ...span, start: 0 }, 'This is no `name=value`.', {
          help: 'Write `--set lr=1e-4`, for example.',
        }),
      );
    }
  }
  return { values, diagnostics, sources };
};

export const VARIABLE = 'TLP_PARAM_';

/** `TLP_PARAM_LR` for the param `lr`, or `TLP_PARAM_lr`, which goes first. Variables without a param are another file's. */
export const readEnvironment = (names: readonly string[], environment: ReadonlyMap<string, string>): Settings => {
  const values = new Map<string, Value>();
  const diagnostics: Diagnostic[] = [];
  const sources: Source[] = [];
  for (const name of names) {
    const variable = [name, name.toUpperCase()].map((n) => `${VARIABLE}${n}`).find((v) => environment.has(v));
    if (variable === undefined) continue;
    const source = sourceOf(variable, environment.get(variable)!);
    sources.push(source);
    const value = readText(variable, name, source.text);
    const span = { file: variable, start: 0, end: source.text.length };
    if (value !== null) values.set(name, { ...value, span });
    else {
      diagnostics.push(
        finding(unexpectedToken, span, `The variable ${variable} holds no value of the language.`, {
          help: `Set it to a value as it stands in a file: \`${variable}=1e-4\`, for example, or unset it.`,
        }),
      );
    }
  }
  return { values, diagnostics, sources };
};

/** One value; null where the text is something else. */
const readText = (file: string, name: string, text: string): Value | null => {
  const parsed = parse(sourceOf(file, `let ${name}=${text}`));
  const [item] = parsed.file.items;
  const sound = parsed.file.items.length === 1 && parsed.diagnostics.length === 0 && item?.kind === 'let';
  return sound ? item.value : null;
};
