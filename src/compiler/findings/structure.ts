// Table: findings about what a file lacks and how its files and runs hang together.
import type { Rule } from '../../parser/diagnostic.ts';
import { pipeline } from './example.ts';

export const missingPart: Rule = {
  code: 'TLP2001',
  name: 'missing-part',
  severity: 'error',
  summary: 'A run has no data, no backbone or no head.',
  explanation:
    'Every run needs images, a backbone and a head. A schedule may be left out: then 10 epochs of 32 images with adam.',
  bad: pipeline({ head: null }),
  good: pipeline(),
};

export const importFailed: Rule = {
  code: 'TLP1111',
  name: 'import-failed',
  severity: 'error',
  summary: 'An imported file cannot be read.',
  explanation: 'Paths are relative to the file that imports, and stay inside the project.',
  bad: `import "nowhere.tlp"\n\n${pipeline()}`,
  good: pipeline(),
};

export const importCycle: Rule = {
  code: 'TLP2008',
  name: 'import-cycle',
  severity: 'error',
  summary: 'Files import each other in a circle.',
  explanation: 'Move what both need into a third file that imports neither.',
  bad: `import "input.tlp"\n\n${pipeline()}`,
  good: pipeline(),
};

export const continuesOrder: Rule = {
  code: 'TLP2009',
  name: 'continues-order',
  severity: 'error',
  summary: 'A run continues itself or a run that comes later.',
  explanation: 'Runs are done in the order of the file, so a run can continue only what stands before it.',
  bad: pipeline({ after: 'run "b" continues "a" { epochs 1 }\nrun "a" { epochs 1 }' }),
  good: pipeline({ after: 'run "a" { epochs 1 }\nrun "b" continues "a" { epochs 1 }' }),
};

export const structureRules: readonly Rule[] = [missingPart, importFailed, importCycle, continuesOrder];
