// Verb: text of others → one line that a terminal shows as it is.

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROL = /\x1b\[[0-9;]*m|[\x00-\x1f\x7f-\x9f]+/g;

/** Colours are taken out; other control characters and line breaks become a space. */
export const plain = (text: string): string =>
  text.replace(CONTROL, (found) => (found.length > 1 && found.startsWith('\x1b[') ? '' : ' '));

/** Each line as `plain` has it. */
export const plainLines = (text: string): string => text.split('\n').map(plain).join('\n');
