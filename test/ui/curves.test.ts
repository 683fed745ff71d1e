// Curves as text: where the dots lie, who owns a character, which axis is chosen.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accuracyRange, type CurveOptions, drawCurves, lossRange, type Series, spanFor } from '../../src/ui/curves.ts';

const curves = suite('ui curves');

const options: CurveOptions = { width: 4, height: 2, low: 0, high: 1, span: 8, glyphs: 'braille' };
const text = (series: readonly Series[], over: Partial<CurveOptions> = {}): string =>
  drawCurves(series, { ...options, ...over })
    .map((row) => row.map((piece) => piece.text).join(''))
    .join('\n');

curves('a rising line goes from the lower left to the upper right', () => {
  // 8 x 8 dots, one of the diagonal in each row and column.
  assert.is(text([[0, 1, 2, 3, 4, 5, 6, 7].map((i) => i / 7)]), '  ⡠⠊\n⡠⠊  ');
});

curves('every row is as wide as asked, whatever is drawn', () => {
  for (const series of [[], [[]], [[Number.NaN, null]], [[5, -5, 0.5]]])
    for (const row of text(series, { width: 7, height: 3 }).split('\n')) assert.is(row.length, 7);
});

curves('values outside the axis stick to its edge', () => {
  assert.is(text([[9, 9]], { span: 2, width: 2, height: 1 }), '⠉⠉');
  assert.is(text([[-9, -9]], { span: 2, width: 2, height: 1 }), '⣀⣀');
});

curves('a hole stays a hole', () => {
  assert.is(text([[0, null, null, 0]], { span: 4, width: 4, height: 1 }), '⡀  ⢀');
});

curves('the span leaves room for the epochs to come', () => {
  assert.is(text([[1, 1]], { span: 4, width: 6, height: 1 }), '⠉⠉⠁   ');
});

curves('the second curve is dashed, and meeting characters belong to one series', () => {
  const rows = drawCurves(
    [
      [1, 1],
      [0, 0],
    ],
    { ...options, span: 2, width: 6, height: 2 },
  );
  assert.equal(rows[0], [{ text: '⠉⠉⠉⠉⠉⠉', series: 0 }]);
  assert.is(rows[1]!.map((piece) => piece.text).join(''), '⣀ ⣀ ⣀ ');
  assert.equal(
    rows[1]!.filter((piece) => piece.series !== null).map((piece) => piece.series),
    [1, 1, 1],
  );
});

curves('ASCII marks where there is no braille', () => {
  assert.is(
    text(
      [
        [0, 1],
        [1, 1],
      ],
      { span: 2, width: 2, height: 2, glyphs: 'ascii' },
    ),
    'oo\n* ',
  );
});

curves('the axis of accuracies is in tenths and within 0..1', () => {
  assert.equal(accuracyRange([[0.31, 0.97]]), { low: 0.3, high: 1 });
  assert.equal(accuracyRange([[null, Number.NaN]]), { low: 0, high: 1 });
  const { low, high } = accuracyRange([[1, 1]]);
  assert.ok(low >= 0.85 && high > low);
});

curves('the axis of losses turns logarithmic when a value explodes', () => {
  assert.is(lossRange([[2, 1, 0.5]]).logarithmic, false);
  assert.is(lossRange([[50, 1, 0.5]]).logarithmic, true);
  assert.equal(lossRange([[Number.POSITIVE_INFINITY, 2, 1]]), { low: 1, high: 2, logarithmic: false });
  const flat = lossRange([[1, 1]]);
  assert.ok(flat.high > flat.low);
});

curves('the span grows with the run, fits once it is finished', () => {
  assert.equal(
    [1, 5, 6, 10, 11].map((done) => spanFor(done, 25, false)),
    [5, 5, 10, 10, 20],
  );
  assert.is(spanFor(21, 25, false), 25);
  assert.is(spanFor(2, 3, false), 3);
  assert.is(spanFor(12, 25, true), 12);
});

curves.run();
