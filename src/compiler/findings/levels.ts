// Table: findings about what a file says of findings: `rules { name off }` and `// tlp-ignore`.
import type { Rule } from '../../parser/diagnostic.ts';
import { pipeline } from './example.ts';

export const wrongRuleSetting: Rule = {
  code: 'TLP1112',
  name: 'wrong-rule-setting',
  severity: 'error',
  summary: 'A setting of a rule, or an ignore comment, that cannot be followed.',
  explanation:
    'Warnings can be set: `rules { test_split_as_validation off }`, or `error`. One line can be excused with `// tlp-ignore test-split-as-validation: why`, on the line or above it. Errors stay errors: there is no plan without their cure.',
  bad: pipeline({ before: 'rules { test_split_as_validatoin off }' }),
  good: pipeline({ before: 'rules { test_split_as_validation off }', validation: 'validation test' }),
};

export const unusedIgnore: Rule = {
  code: 'TLP2113',
  name: 'unused-ignore',
  severity: 'warning',
  summary: 'An ignore comment that excuses nothing.',
  explanation: 'What it was written for is gone, or it stands on another line than the finding. Remove it.',
  bad: pipeline({ validation: '// tlp-ignore test-split-as-validation: only a demonstration\n  validation none' }),
  good: pipeline({ validation: '// tlp-ignore test-split-as-validation: only a demonstration\n  validation test' }),
};

export const levelRules: readonly Rule[] = [wrongRuleSetting, unusedIgnore];
