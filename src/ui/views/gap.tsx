// View: the honest gap as a gauge, with the noise of its measurement and a verdict.
import { Box } from 'ink';
import { GAP_LEVELS, gapFigure, type Verdict } from '../../report/verdict.ts';
import type { Widths } from '../layout.ts';
import { wrapWords } from '../wrap.ts';
import { Each } from './each.tsx';
import { Styled, useGlyphs } from './styled.tsx';

/** Gap in shares at the right end of the gauge. */
const FULL = 0.2;
const INDENT = ' '.repeat(7);

/** The figures of the levels below the gauge, each at its place. */
const scale = (width: number): string => {
  const marks = [0, GAP_LEVELS.agree, GAP_LEVELS.slight, GAP_LEVELS.noticeable, FULL];
  return marks.reduce((text, mark) => {
    const figure = String(Math.round(mark * 100));
    const at = Math.min(width - figure.length, Math.round((mark / FULL) * width));
    return text.length > 0 && at <= text.length ? text : text.padEnd(at) + figure;
  }, '');
};

/** The lines below the gauge (its own line, which carries the colours, is written as an empty one). */
export const gapLines = (verdict: Verdict, { width, narrow, bar }: Widths): readonly string[] => {
  const sentence = wrapWords(verdict.sentence, width);
  if (verdict.gap === null) return sentence;
  const figure = narrow ? wrapWords(gapFigure(verdict), width - INDENT.length).map((line) => INDENT + line) : [];
  return ['', INDENT + scale(bar), ...figure, ...sentence];
};

const Gauge = ({ verdict, widths }: { verdict: Verdict; widths: Widths }) => {
  const { full, empty, noise } = useGlyphs();
  const { bar, narrow } = widths;
  const cells = (share: number | null): number => Math.min(bar, Math.max(0, Math.round(((share ?? 0) / FULL) * bar)));
  const filled = cells(verdict.gap);
  const uncertain = Math.min(filled, cells(verdict.noise));
  return (
    <Styled>
      {'gap'.padEnd(INDENT.length)}
      <Styled tone={verdict.tone}>{noise.repeat(uncertain)}</Styled>
      <Styled tone={verdict.tone}>{full.repeat(filled - uncertain)}</Styled>
      <Styled dim>{empty.repeat(bar - filled)}</Styled>
      {narrow ? '' : ` ${gapFigure(verdict)}`}
    </Styled>
  );
};

export const Gap = ({ verdict, lines, widths }: { verdict: Verdict; lines: readonly string[]; widths: Widths }) => (
  <Box flexDirection="column" marginTop={1}>
    <Each
      items={lines}
      show={(line, i) =>
        line === '' ? (
          <Gauge verdict={verdict} widths={widths} />
        ) : (
          <Styled dim={i === 1 && verdict.gap !== null} tone={line.startsWith(' ') ? 'plain' : verdict.tone}>
            {line}
          </Styled>
        )
      }
    />
  </Box>
);
