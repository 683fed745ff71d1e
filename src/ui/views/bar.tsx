// View: a share as a bar.
import { Styled, type StyledProps, useGlyphs } from './styled.tsx';

/** `share` 0..1 over `width` characters. */
export const Bar = ({ share, width, tone }: { share: number; width: number; tone?: StyledProps['tone'] }) => {
  const { full, empty } = useGlyphs();
  const filled = Math.min(width, Math.max(0, Math.round(share * width)));
  return (
    <Styled>
      <Styled tone={tone}>{full.repeat(filled)}</Styled>
      <Styled dim>{empty.repeat(width - filled)}</Styled>
    </Styled>
  );
};
