// Text in colour where the terminal wants it: the only place that asks for colour, bold or dim.
import { Text } from 'ink';
import { createContext, type ReactNode, useContext } from 'react';
import { type Glyphs, glyphsOf, type Theme } from '../theme.ts';

export const ThemeContext = createContext<Theme>({ color: true, unicode: true });

export const useGlyphs = (): Glyphs => glyphsOf(useContext(ThemeContext));

/** Colour by meaning. */
const COLORS = {
  train: 'cyan',
  validation: 'magenta',
  good: 'green',
  fair: 'yellow',
  bad: 'red',
} as const;

export interface StyledProps {
  readonly tone?: keyof typeof COLORS | 'plain' | 'unknown' | undefined;
  readonly bold?: boolean;
  readonly dim?: boolean;
  /** `wrap` breaks long text into lines; by default it is cut at the edge. */
  readonly wrap?: 'wrap' | 'truncate';
  readonly children: ReactNode;
}

/** A run of text; nests. Without colour it is plain text. */
export const Styled = ({ tone = 'plain', bold = false, dim = false, wrap = 'truncate', children }: StyledProps) => {
  const { color } = useContext(ThemeContext);
  if (!color) return <Text wrap={wrap}>{children}</Text>;
  const toned = tone === 'plain' || tone === 'unknown' ? {} : { color: COLORS[tone] };
  return (
    <Text wrap={wrap} bold={bold} dimColor={dim} {...toned}>
      {children}
    </Text>
  );
};
