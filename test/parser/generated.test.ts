// Generated programs: the grammar takes them all, formatting keeps their tree and is done once, checking never throws.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../src/compiler/check.ts';
import { verifyPlan } from '../../src/compiler/plan/verify.ts';
import { format } from '../../src/parser/format.ts';
import { parse } from '../../src/parser/parse.ts';
import { sourceOf } from '../../src/parser/source.ts';
import { anyProgram, likelyProgram } from '../support/programs.ts';
import { formatKeeps } from '../support/same-tree.ts';

const test = suite('generated programs');

test('parse, format, parse: the same tree, the same comments, and formatted twice is formatted once', () => {
  fc.assert(fc.property(anyProgram, formatKeeps), { numRuns: 1500, seed: 11 });
});

test('checking never throws and points into the text, whatever the words mean', () => {
  fc.assert(
    fc.property(anyProgram, (text) => {
      for (const { span } of checkText(text, 'a.tlp').diagnostics)
        assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length);
    }),
    { numRuns: 700, seed: 12 },
  );
});

test('programs of real words: a plan that its schema takes, or errors; formatted, they mean the same', () => {
  let planned = 0;
  fc.assert(
    fc.property(likelyProgram, (text) => {
      const { plan, diagnostics } = checkText(text, 'a.tlp');
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      assert.is(plan === null, errors.length > 0, `${text}\n${errors.map((e) => e.message).join('\n')}`);
      if (parse(sourceOf('a', text)).diagnostics.length > 0) return;
      const after = checkText(format(text), 'a.tlp');
      const codes = (list: typeof diagnostics) => list.map(({ code, message }) => `${code} ${message}`).sort();
      assert.equal(codes(after.diagnostics), codes(diagnostics), text);
      assert.equal(after.plan, plan);
      if (plan === null) return;
      planned++;
      assert.equal(verifyPlan(plan), []);
    }),
    { numRuns: 600, seed: 13 },
  );
  assert.ok(planned > 30, `only ${planned} of the programs have a plan`);
});

test('texts of any characters: reading and checking never throw', () => {
  const pieces = fc.constantFrom(
    'data',
    'head',
    '{',
    '}',
    '(',
    ')',
    '"',
    '\\',
    '//',
    '\n',
    '\r',
    '\u2028',
    '\ufeff',
    '😀',
    '\ud83d',
    '\udc00',
    '\0',
    ' ',
    '1e',
    '3x',
    '..',
    'ß',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(pieces, { maxLength: 40 }).map((list) => list.join('')),
      ),
      (text) => {
        checkText(text, 'a.tlp');
      },
    ),
    { numRuns: 1500, seed: 14 },
  );
});

test.run();
