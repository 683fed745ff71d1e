// Verb: `tlp explain CODE|name`: what a finding means, with an example made wrong and right.

import { findRule, rules } from '../../src/compiler/findings/index.ts';
import { nearest } from '../../src/compiler/leaf/nearest.ts';
import type { Rule } from '../../src/parser/diagnostic.ts';
import { say } from './say.ts';

export interface ExplainOptions {
  readonly all?: boolean | undefined;
  readonly format?: string | undefined;
}

/** Exit 0, or 2 where there is no such rule. */
export const explain = async (wanted: string | undefined, options: ExplainOptions = {}): Promise<number> => {
  if (wanted === undefined && options.all !== true) {
    const rows = rules.map((rule) => `${rule.code}  ${rule.severity.padEnd(7)}  ${rule.name}: ${rule.summary}\n`);
    process.stdout.write(options.format === 'json' ? toJson(rules) : rows.join(''));
    return 0;
  }
  const rule = wanted === undefined ? null : findRule(wanted);
  if (wanted !== undefined && rule === null) {
    const near = nearest(
      wanted.toLowerCase(),
      rules.flatMap((r) => [r.code, r.name]),
    );
    const cure = near === null ? '`tlp explain` lists all' : `did you mean ${near}?`;
    say(`there is no finding ${wanted}; ${cure}`);
    return 2;
  }
  const chosen = rule === null ? rules : [rule];
  process.stdout.write(options.format === 'json' ? toJson(chosen) : chosen.map(toText).join('\n'));
  return 0;
};

const toJson = (chosen: readonly Rule[]): string =>
  `${JSON.stringify(
    chosen.map(({ code, name, severity, summary, explanation, bad, good }) => ({
      code,
      name,
      severity,
      summary,
      explanation,
      bad,
      good,
    })),
    null,
    2,
  )}\n`;

const toText = (rule: Rule): string => {
  const example = (title: string, text: string): string =>
    text === '' ? '' : `\n${title}\n\n${text.replace(/^(?=.)/gm, '    ')}`;
  return [
    `${rule.code} ${rule.name} (${rule.severity})\n\n`,
    `${rule.summary}\n\n${rule.explanation}\n`,
    example('Wrong:', rule.bad),
    example('Right:', rule.good),
  ].join('');
};
