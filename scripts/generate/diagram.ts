// Verb: productions to railroad diagrams, all in one SVG that needs nothing else to be seen.
import railroad from 'railroad-diagrams';
import { toEbnf } from './ebnf.ts';
import type { Grammar, Production, Syntax } from './syntax.ts';

type Piece = ReturnType<typeof railroad.Terminal>;

const STYLE = `
  .page { fill: #fff }
  .railroad path { stroke-width: 2; stroke: #57606a; fill: none }
  .railroad text { font: 14px ui-monospace, Menlo, Consolas, monospace; text-anchor: middle; fill: #1f2328 }
  .railroad rect { stroke-width: 2; stroke: #57606a; fill: #fff8c5 }
  .railroad a rect { fill: #ddf4ff }
  .railroad a:hover rect { fill: #b6e3ff }
  .name { font: bold 15px ui-monospace, Menlo, Consolas, monospace; fill: #1f2328 }
  .note { font: 13px system-ui, sans-serif; fill: #57606a }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 }
    .railroad path, .railroad rect { stroke: #8b949e }
    .railroad text, .name { fill: #e6edf3 }
    .railroad rect { fill: #3a2d00 }
    .railroad a rect { fill: #0c2d4f }
    .railroad a:hover rect { fill: #12406f }
    .note { fill: #8b949e }
  }
`;

const MARGIN = 24;
const TITLE = 30;
const GAP = 22;

/** `a (sep a)*` is one loop with a separator. */
const loopOf = (
  first: Syntax,
  rest: Syntax | undefined,
): { readonly item: Syntax; readonly between: Syntax } | null => {
  if (rest?.kind !== 'repeat' || rest.some || rest.part.kind !== 'sequence') return null;
  const [between, again] = rest.part.parts;
  if (rest.part.parts.length !== 2 || between === undefined || again === undefined) return null;
  return JSON.stringify(again) === JSON.stringify(first) ? { item: first, between } : null;
};

const draw = (syntax: Syntax): Piece => {
  switch (syntax.kind) {
    case 'literal':
      return railroad.Terminal(visible(syntax));
    case 'class':
      return railroad.Terminal(syntax.text);
    case 'name':
      return railroad.NonTerminal(syntax.name);
    case 'choice':
      return railroad.Choice(0, ...syntax.parts.map(draw));
    case 'optional':
      return railroad.Optional(draw(syntax.part));
    case 'repeat':
      return syntax.some ? railroad.OneOrMore(draw(syntax.part)) : railroad.ZeroOrMore(draw(syntax.part));
    case 'sequence': {
      const pieces: Piece[] = [];
      for (let i = 0; i < syntax.parts.length; i++) {
        const loop = loopOf(syntax.parts[i]!, syntax.parts[i + 1]);
        if (loop === null) pieces.push(draw(syntax.parts[i]!));
        else {
          pieces.push(railroad.OneOrMore(draw(loop.item), draw(loop.between)));
          i++;
        }
      }
      return railroad.Sequence(...pieces);
    }
  }
};

/** As the EBNF writes it, without its quotes: the round shape says that it is text. */
const visible = (syntax: Extract<Syntax, { kind: 'literal' }>): string =>
  [...syntax.text].some((c) => c < ' ') ? toEbnf(syntax, 'choice') : syntax.text;

interface Drawn {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

const drawProduction = ({ name, syntax, note }: Production, top: number): Drawn => {
  const diagram = railroad.Diagram(draw(syntax)).format(2);
  const { width, height } = diagram.attrs;
  const body = diagram
    .toString()
    .replace(/^<svg[^>]*>\s*/, '')
    .replace(/\s*<\/svg>\s*$/, '')
    .replace(/<rect ([^>]*)><\/rect>\n<text ([^>]*)>(\w+)<\/text>/g, (piece, box: string, at: string, to: string) =>
      box.includes('rx=') ? piece : `<a href="#${to}">\n<rect ${box}></rect>\n<text ${at}>${to}</text>\n</a>`,
    )
    .replace(/^(?=<)/gm, '    ');
  const words = note === null ? '' : `<tspan class="note" dx="12">${note.replaceAll('&', '&amp;')}</tspan>`;
  const svg = `  <g id="${name}" transform="translate(${MARGIN} ${top})">
    <text class="name" y="14">${name}${words}</text>
    <g class="railroad" transform="translate(0 ${TITLE})">
${body}
    </g>
  </g>
`;
  return {
    svg,
    width: Math.max(width, 9 * name.length + (note === null ? 0 : 7 * note.length)),
    height: TITLE + height,
  };
};

export const diagramSvg = ({ rules, tokens }: Grammar): string => {
  const drawn: Drawn[] = [];
  let top = MARGIN;
  for (const production of [...rules, ...tokens]) {
    const next = drawProduction(production, top);
    drawn.push(next);
    top += next.height + GAP;
  }
  const width = Math.ceil(Math.max(...drawn.map((d) => d.width)) + 2 * MARGIN);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}" viewBox="0 0 ${width} ${top}">
  <title>The grammar of tlp</title>
  <style>${STYLE}</style>
  <rect class="page" width="100%" height="100%"/>
${drawn.map((d) => d.svg).join('')}</svg>
`;
};
