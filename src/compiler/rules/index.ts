// Table: all rules, in the order of their codes. A code or a name is never used for something else again.
import type { Rule } from '../../parser/diagnostic.ts';
import { fileRules } from '../../parser/rules/files.ts';
import { syntaxRules } from '../../parser/rules/rules.ts';
import { suggestion } from '../vocabulary/nearest.ts';
import { networkRules } from './network.ts';
import { planRules } from './plan/index.ts';
import { programRules } from './program.ts';
import { levels, type Setting, severityRules } from './severity.ts';
import { structureRules } from './structure.ts';
import { wordRules } from './words.ts';

export const rules: readonly Rule[] = [
  ...fileRules,
  ...syntaxRules,
  ...wordRules,
  ...structureRules,
  ...planRules,
  ...programRules,
  ...severityRules,
  ...Object.values(networkRules),
].sort((a, b) => (a.code < b.code ? -1 : 1));

/** `name=off|warning|error` (or by code) from outside of a file; a text says what is wrong with it. */
export const readLevel = (pair: string): Setting | string => {
  const split = pair.indexOf('=');
  const wanted = (split < 0 ? pair : pair.slice(0, split)).trim();
  const level = levels.find((l) => l === pair.slice(split + 1).trim());
  const warnings = rules.filter((rule) => rule.severity === 'warning');
  const rule = findRule(wanted.replaceAll('_', '-'));
  if (rule === null) {
    const names = warnings.map(({ name }) => name);
    return `there is no finding \`${wanted}\`. ${suggestion(wanted, names, 'warnings')}`;
  }
  if (rule.severity === 'error') return `\`${rule.name}\` is an error, and only warnings can be set`;
  if (split < 0 || level === undefined) return `write \`${rule.name}=off\`, \`=warning\` or \`=error\``;
  return { name: rule.name, level };
};

/** By code in any case, or by name. */
export const findRule = (wanted: string): Rule | null =>
  rules.find((rule) => rule.code === wanted.toUpperCase() || rule.name === wanted.toLowerCase()) ?? null;
