// Table: findings about the file as a whole: the order of its parts, what nothing uses, how many runs a sweep makes.
import type { Rule } from '../../parser/diagnostic.ts';
import { pipeline } from './example.ts';

export const headBeforeBackbone: Rule = {
  code: 'TLP2010',
  name: 'head-before-backbone',
  severity: 'error',
  summary: 'The head stands before the backbone.',
  explanation:
    'A file reads in the direction in which an image goes through the network: backbone first, then its head.',
  bad: pipeline({ backbone: null, head: null, after: 'head {\n  flatten\n}\n\nbackbone cnn {\n  conv 8 3x3 relu\n}' }),
  good: pipeline({ backbone: null, head: null, after: 'backbone cnn {\n  conv 8 3x3 relu\n}\n\nhead {\n  flatten\n}' }),
};

export const unusedPart: Rule = {
  code: 'TLP2110',
  name: 'unused-part',
  severity: 'warning',
  summary: 'A part or a value that no run uses.',
  explanation: 'It has no effect. Often a run should name it and does not.',
  bad: pipeline({ before: 'let width = 64' }),
  good: pipeline({ before: 'let width = 64', head: 'flatten\n  dense width relu' }),
};

export const largeSweep: Rule = {
  code: 'TLP2112',
  name: 'large-sweep',
  severity: 'warning',
  summary: 'A sweep makes more than 100 runs, or a file more networks than are looked at.',
  explanation: 'Each combination is a whole training. Sweep fewer values, or one parameter after the other.',
  bad: pipeline({
    before: 'param lr = 1e-3\nparam rate = 50%',
    head: 'flatten\n  dropout rate',
    schedule: 'optimizer adam(lr: lr)',
    after: 'sweep {\n  lr in 0.001..0.011 step 0.001\n  rate in 10%..60% step 5%\n}',
  }),
  good: pipeline({
    before: 'param lr = 1e-3\nparam rate = 50%',
    head: 'flatten\n  dropout rate',
    schedule: 'optimizer adam(lr: lr)',
    after: 'sweep {\n  lr in [1e-2, 1e-3, 1e-4]\n  rate in 20%..60% step 20%\n}',
  }),
};

export const programRules: readonly Rule[] = [headBeforeBackbone, unusedPart, largeSweep];
