// Terminal text with colour codes (`tmux capture-pane -e -p`) → SVG: `node --import tsx scripts/terminal-svg.ts < capture > picture.svg`.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** Pixels of a character and of its line. */
const CELL = { width: 8.4, height: 18 } as const;
const FONT_SIZE = 14;
const PADDING = 16;
const TITLE_BAR = 34;

const PALETTE = {
  background: '#16181d',
  foreground: '#d7dae0',
  colors: ['#5c6370', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#d7dae0'],
  brights: ['#7f848e', '#ef8b93', '#b5e08f', '#f0d197', '#82c0ff', '#d89ae8', '#7fd3de', '#ffffff'],
} as const;

interface Style {
  readonly color: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
}

interface Cell {
  readonly character: string;
  readonly style: Style;
}

const PLAIN: Style = { color: null, bold: false, dim: false };

/** One code of a "select graphic rendition" sequence; codes that are not known change nothing. */
const restyled = (style: Style, code: number): Style => {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 39) return { ...style, color: null };
  if (code >= 30 && code <= 37) return { ...style, color: PALETTE.colors[code - 30]! };
  if (code >= 90 && code <= 97) return { ...style, color: PALETTE.brights[code - 90]! };
  return style;
};

/** Lines of styled cells; the style goes on over line ends, as tmux writes it. */
export const parseCapture = (capture: string): readonly (readonly Cell[])[] => {
  const ESCAPE = String.fromCharCode(27);
  let style = PLAIN;
  const lines = capture.split('\n').map((line) => {
    const [first = '', ...parts] = line.split(`${ESCAPE}[`);
    const cells = [...first].map((character) => ({ character, style }));
    for (const part of parts) {
      const end = part.search(/[@-~]/);
      if (part[end] === 'm')
        for (const code of part.slice(0, end).split(';')) style = restyled(style, Number(code || '0'));
      cells.push(...[...part.slice(end + 1)].map((character) => ({ character, style })));
    }
    return cells;
  });
  while (lines.length > 0 && lines.at(-1)!.every(({ character }) => character === ' ')) lines.pop();
  return lines;
};

const number = (value: number): string => String(Math.round(value * 100) / 100);

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Shades of the block characters: drawn as areas, since fonts leave gaps between them. */
const BLOCKS: Readonly<Record<string, number>> = { '█': 1, '▓': 0.75, '▒': 0.5, '░': 0.22 };

const isBraille = (character: string): boolean => character >= '\u2800' && character <= '\u28ff';
const isDrawn = (character: string): boolean => character in BLOCKS || character === '│' || isBraille(character);

/** Column and row of each of the eight bits of a braille character. */
const BRAILLE_DOTS = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 1],
  [1, 2],
  [0, 3],
  [1, 3],
] as const;

/** A run of equal drawn characters at a place, as shapes. */
const drawn = (character: string, length: number, x: number, y: number): string => {
  const { width, height } = CELL;
  const shade = BLOCKS[character];
  if (shade !== undefined) {
    const box = `x="${number(x)}" y="${number(y + 3)}" width="${number(length * width)}" height="${height - 6}"`;
    return `<rect ${box}${shade < 1 ? ` fill-opacity="${shade}"` : ''}/>`;
  }
  return Array.from({ length }, (_, i) => {
    const left = x + i * width;
    if (character === '│')
      return `<rect x="${number(left + width / 2 - 0.5)}" y="${number(y)}" width="1" height="${height}"/>`;
    const bits = character.charCodeAt(0) - 0x2800;
    return BRAILLE_DOTS.filter((_dot, bit) => bits & (1 << bit))
      .map(([column, row]) => {
        const cx = number(left + (column + 0.5) * (width / 2));
        return `<circle cx="${cx}" cy="${number(y + (row + 0.5) * (height / 4))}" r="1.5"/>`;
      })
      .join('');
  }).join('');
};

const attributes = ({ color, bold, dim }: Style): string =>
  `${color ? ` fill="${color}"` : ''}${bold ? ' font-weight="bold"' : ''}${dim ? ' opacity="0.6"' : ''}`;

/** Neighbouring cells that one element can show: same style, and text or the same drawn character. */
const groups = (
  cells: readonly Cell[],
): readonly { readonly text: string; readonly at: number; readonly style: Style }[] => {
  const found: { text: string; at: number; style: Style }[] = [];
  cells.forEach(({ character, style }, at) => {
    const last = found.at(-1);
    const end = last?.text.at(-1) ?? '';
    const fits = isDrawn(character) || isDrawn(end) ? end === character : true;
    if (last && last.style === style && fits && last.at + [...last.text].length === at) last.text += character;
    else found.push({ text: character, at, style });
  });
  return found.filter(({ text }) => text.trim() !== '');
};

/** Words that stand one space apart, and where; more spaces would be drawn as one. */
const words = (text: string): readonly { readonly word: string; readonly from: number }[] =>
  [...text.matchAll(/\S+(?: \S+)*/g)].map((found) => ({
    word: found[0],
    from: [...text.slice(0, found.index)].length,
  }));

const line = (cells: readonly Cell[], row: number): string => {
  const y = TITLE_BAR + row * CELL.height;
  return groups(cells)
    .map(({ text, at, style }) => {
      const x = PADDING + at * CELL.width;
      if (isDrawn(text[0]!)) return `<g${attributes(style)}>${drawn(text[0]!, text.length, x, y)}</g>`;
      return words(text)
        .map(({ word, from }) => {
          const place = `x="${number(x + from * CELL.width)}" y="${number(y + CELL.height - 5)}"`;
          const length = `textLength="${number([...word].length * CELL.width)}" lengthAdjust="spacingAndGlyphs"`;
          return `<text ${place} ${length}${attributes(style)}>${escaped(word)}</text>`;
        })
        .join('');
    })
    .join('\n');
};

/** The capture as a picture of a terminal window; wide as the longest line, `title` in its bar. */
export const terminalSvg = (capture: string, title: string): string => {
  const lines = parseCapture(capture);
  const columns = Math.max(40, ...lines.map((cells) => cells.length));
  const width = Math.ceil(2 * PADDING + columns * CELL.width);
  const height = TITLE_BAR + lines.length * CELL.height + PADDING;
  const buttons = ['#e06c75', '#e5c07b', '#98c379']
    .map((color, i) => `<circle cx="${PADDING + 4 + i * 18}" cy="16" r="5.5" fill="${color}"/>`)
    .join('');
  const font = `font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT_SIZE}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${PALETTE.background}"/>`,
    buttons,
    `<g ${font} fill="${PALETTE.foreground}">`,
    `<text x="${width / 2}" y="21" text-anchor="middle" opacity="0.6">${escaped(title)}</text>`,
    ...lines.map(line).filter(Boolean),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
};

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.stdout.write(terminalSvg(readFileSync(0, 'utf8'), process.argv[2] ?? 'tlp'));
