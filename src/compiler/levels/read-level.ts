// Verb: a level given outside of a file, `--rule name=level`, to what it wishes of a warning.
import { findRule, rules } from '../findings/index.ts';
import { suggestion } from '../leaf/nearest.ts';
import { type FindingLevel, levels } from './levels.ts';

/** `name=off|warning|error` (or by code) from outside of a file; a text says what is wrong with it. */
export const readLevel = (pair: string): FindingLevel | string => {
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
