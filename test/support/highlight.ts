// Verb: text to the scopes that an editor gives it, by the engine that VS Code highlights with.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';

const require = createRequire(import.meta.url);

export interface Highlighted {
  readonly text: string;
  /** Offsets in the whole text. */
  readonly start: number;
  readonly end: number;
  /** The innermost scope without `.tlp`; null where only the language itself is said. */
  readonly scope: string | null;
}

const load = async (): Promise<textmate.IGrammar> => {
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const path = new URL('../../grammar/tlp.tmLanguage.json', import.meta.url);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(path, 'utf8'), 'tlp.tmLanguage.json'),
  });
  const grammar = await registry.loadGrammar('source.tlp');
  if (grammar === null) throw new Error('the grammar does not load');
  return grammar;
};

/** A function from text to its pieces, in their order. */
export const highlighter = async (): Promise<(text: string) => readonly Highlighted[]> => {
  const grammar = await load();
  return (text) => {
    const out: Highlighted[] = [];
    let state = textmate.INITIAL;
    let offset = 0;
    for (const line of text.split('\n')) {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
      state = ruleStack;
      for (const { startIndex, endIndex, scopes } of tokens) {
        const end = Math.min(endIndex, line.length);
        const scope = scopes.length > 1 ? scopes.at(-1)!.replace(/\.tlp$/, '') : null;
        if (end > startIndex) {
          out.push({ text: line.slice(startIndex, end), start: offset + startIndex, end: offset + end, scope });
        }
      }
      offset += line.length + 1;
    }
    return out;
  };
};
