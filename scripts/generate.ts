// Verb: the language to the files that show it. `npm run generate` writes them; they are committed, and .ci/run fails on a stale one.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { planSchema } from '../src/compiler/plan/plan-schema.ts';
import { adamKernelText } from './generate/adam-kernel.ts';
import { diagramSvg } from './generate/diagram.ts';
import { ebnfText } from './generate/ebnf.ts';
import { findingsPage } from './generate/findings-page.ts';
import { jsonText } from './generate/json-text.ts';
import { languagePage } from './generate/language-page.ts';
import { readGrammar } from './generate/read-grammar.ts';
import { snippetsText } from './generate/snippets.ts';
import { bundleFiles } from './generate/textmate-bundle.ts';
import { tmLanguageText } from './generate/tm-language.ts';

/** Each generated file, its path from the root of the project. */
export const generated: Readonly<Record<string, () => string>> = {
  'grammar/tlp.ebnf': () => ebnfText(readGrammar()),
  'grammar/diagram.svg': () => diagramSvg(readGrammar()),
  'grammar/tlp.tmLanguage.json': tmLanguageText,
  'docs/language.md': () => languagePage(readGrammar()),
  'docs/findings.md': findingsPage,
  'src/compiler/plan/plan.schema.json': () => jsonText(planSchema()),
  'src/runtime/engine/onnx/adam-kernel.ts': adamKernelText,
  'editors/vscode/snippets/tlp.json': snippetsText,
  ...Object.fromEntries(Object.entries(bundleFiles).map(([path, text]) => [`editors/tlp.tmbundle/${path}`, text])),
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of Object.entries(generated)) {
    const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, text());
    renameSync(`${file}.new`, file);
  }
}
