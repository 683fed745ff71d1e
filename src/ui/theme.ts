// How the terminal may be drawn on: colour or not, Unicode or ASCII. Decided once from the environment.

export interface Theme {
  /** False: no colour, bold or dim at all. */
  readonly color: boolean;
  /** False: bars and curves of ASCII characters. */
  readonly unicode: boolean;
}

/**
 * `NO_COLOR` (any text that is not empty, no-color.org) and `TERM=dumb` switch colour off. Unicode needs a UTF-8 locale, which
 * the first set of LC_ALL, LC_CTYPE, LANG names; none set is taken for UTF-8, as containers and macOS have it. The Linux
 * console (`TERM=linux`) has no braille in its font.
 */
export const themeOf = (env: Readonly<Record<string, string | undefined>>, platform: string): Theme => {
  const color = !env.NO_COLOR && env.TERM !== 'dumb';
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  const unicode =
    env.TERM !== 'dumb' &&
    env.TERM !== 'linux' &&
    (platform === 'win32' ? Boolean(env.WT_SESSION || env.TERM_PROGRAM) : locale === '' || /utf-?8/i.test(locale));
  return { color, unicode };
};

export interface Glyphs {
  readonly full: string;
  readonly empty: string;
  readonly noise: string;
  readonly dot: string;
  readonly axis: string;
  readonly solid: string;
  readonly dashed: string;
  readonly tick: string;
}

const UNICODE: Glyphs = {
  full: '█',
  empty: '░',
  noise: '▒',
  dot: '·',
  axis: '│',
  solid: '⠒⠒⠒',
  dashed: '⠒ ⠒',
  tick: '┴',
};
const ASCII: Glyphs = {
  full: '#',
  empty: '.',
  noise: '-',
  dot: '-',
  axis: '|',
  solid: '***',
  dashed: 'ooo',
  tick: '^',
};

export const glyphsOf = (theme: Theme): Glyphs => (theme.unicode ? UNICODE : ASCII);
