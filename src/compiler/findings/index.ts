// Table: all kinds of findings, in the order of their codes. A code or a name is never used for something else again.
import type { Rule } from '../../parser/diagnostic.ts';
import { fileRules } from '../../parser/rules/files.ts';
import { syntaxRules } from '../../parser/rules/rules.ts';
import { levelRules } from './levels.ts';
import { networkRules } from './network.ts';
import { planFindings } from './plan.ts';
import { programRules } from './program.ts';

import { structureRules } from './structure.ts';
import { wordRules } from './words.ts';

export const rules: readonly Rule[] = [
  ...fileRules,
  ...syntaxRules,
  ...wordRules,
  ...structureRules,
  ...Object.values(planFindings),
  ...programRules,
  ...levelRules,
  ...Object.values(networkRules),
].sort((a, b) => (a.code < b.code ? -1 : 1));

/** By code in any case, or by name. */
export const findRule = (wanted: string): Rule | null =>
  rules.find((rule) => rule.code === wanted.toUpperCase() || rule.name === wanted.toLowerCase()) ?? null;
