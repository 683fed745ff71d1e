// Verb: a line for the person → standard error, as a terminal shows it and nothing else.
import { plain } from '../../src/report/plain-text.ts';

/** `tlp: ` and the text, whose control characters are taken out. */
export const say = (text: string): void => {
  process.stderr.write(`tlp: ${plain(text)}\n`);
};
