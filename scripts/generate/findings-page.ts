// Verb: the rules to docs/findings.md: what each finds, why it matters, an example made wrong and right, and what is said of it.
import { checkText } from '../../src/compiler/check.ts';
import { rules } from '../../src/compiler/findings/index.ts';
import { markdownTable } from '../../src/compiler/vocabulary/print-word.ts';
import type { Rule } from '../../src/parser/diagnostic.ts';
import { renderDiagnostics } from '../../src/parser/render-diagnostic.ts';

const HEAD = `<!-- Written by \`npm run generate\` from the rules. Do not edit. -->

# Findings

All that \`tlp check\` can find. \`tlp explain CODE\` shows one of them in the terminal. Errors stay errors: there is no plan without their cure. Warnings
can be set in the file, \`rules { unused_part off }\` or \`error\`, and excused on a line: \`// tlp-ignore unused-part: reason\`.

`;

/** Codes by their first two digits. */
const groups: readonly (readonly [string, string])[] = [
  ['TLP10', 'Reading'],
  ['TLP11', 'Words and names'],
  ['TLP12', 'Values'],
  ['TLP20', 'The plan: errors'],
  ['TLP21', 'The plan: warnings'],
  ['TLP30', 'Networks'],
];

/** The same name as in the golden files; an import finds only the file itself. */
const NAME = 'input.tlp';

const said = (rule: Rule): string => {
  const { diagnostics, sources } = checkText(rule.bad, NAME, {
    readImport: (path) =>
      path === NAME ? { name: NAME, text: '', lineStarts: [0] } : { problem: `there is no file ${path}` },
    isThere: (path) => path !== 'nowhere',
  });
  return renderDiagnostics(diagnostics, sources, { color: false }).trimEnd();
};

/** Rules about files that are no text have no example that a page could show. */
const hasExample = (rule: Rule): boolean => rule.bad !== '' && rule.good !== '';

const section = (rule: Rule): string => {
  const head = `### ${rule.code} ${rule.name}\n\n*${rule.severity}*: ${rule.summary}\n\n${rule.explanation}\n\n`;
  if (!hasExample(rule)) return head;
  return `${head}\`\`\`tlp ${rule.code}\n${rule.bad.trimEnd()}\n\`\`\`\n\n\`\`\`text\n${said(rule)}\n\`\`\`\n\nRight:\n\n\`\`\`tlp file\n${rule.good.trimEnd()}\n\`\`\`\n\n`;
};

const link = ({ code, name }: Rule): string => `[${code}](#${code.toLowerCase()}-${name})`;

export const findingsPage = (): string => {
  const rest = rules.filter((rule) => !groups.some(([front]) => rule.code.startsWith(front)));
  if (rest.length > 0) throw new Error(`${rest[0]!.code} belongs to no group of docs/findings.md`);
  const overview = markdownTable(
    ['code', 'name', 'severity', ''],
    rules.map((rule) => [link(rule), `\`${rule.name}\``, rule.severity, rule.summary]),
  );
  const sections = groups.map(([front, title]) => {
    const own = rules.filter((rule) => rule.code.startsWith(front));
    return `## ${title}\n\n${own.map(section).join('')}`;
  });
  return `${HEAD}${overview}\n${sections.join('')}`.trimEnd().concat('\n');
};
