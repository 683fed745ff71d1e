// The picture of the terminal: colour codes become attributes, blocks and braille become shapes.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseCapture, terminalSvg } from '../../scripts/terminal-svg.ts';

const picture = suite('terminal svg');
const ESC = String.fromCharCode(27);

picture('colour, bold and dim, over line ends, until they are reset', () => {
  const [first, second] = parseCapture(`a${ESC}[1;36mb\nc${ESC}[22md${ESC}[39me${ESC}[0m`);
  assert.equal(
    first!.map(({ style }) => [style.color, style.bold]),
    [
      [null, false],
      ['#56b6c2', true],
    ],
  );
  assert.equal(
    second!.map(({ style }) => [style.color, style.bold]),
    [
      ['#56b6c2', true],
      ['#56b6c2', false],
      [null, false],
    ],
  );
});

picture('empty lines at the end are left out', () => {
  assert.is(parseCapture('one\n\ntwo\n  \n\n').length, 3);
});

picture('text is escaped and placed by its column', () => {
  const svg = terminalSvg('  a<b & c', 'x > y');
  assert.match(svg, /<title>x &gt; y<\/title>/);
  assert.match(svg, /<text x="32\.8" [^>]*>a&lt;b &amp; c<\/text>/);
});

picture('a bar is one area, a braille character a circle for each dot', () => {
  const svg = terminalSvg('████⠃', 'bars');
  assert.match(svg, /<rect x="16" y="37" width="33\.6" height="12"\/>/);
  assert.is(svg.match(/r="1\.5"/g)?.length, 2);
});

picture.run();
