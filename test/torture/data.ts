// Trial: data of every format with bits flipped, bytes replaced and ends cut off: an error in one line, or the same pixels and labels.
import { damage, type Format, formats, layOut, type Outcome } from './damaged-data.ts';
import { numbersOf } from './mutate.ts';

const ROUNDS = 400;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** `ROUNDS SEED`, each optional: so many damages of each format. */
export const trial = async ([rounds = String(ROUNDS), seed = '1']: readonly string[]): Promise<number> => {
  let bad = 0;
  for (const format of formats) bad += await damages(format, Number(rounds), Number(seed));
  say(`${formats.length} formats, ${rounds} damages each (seed ${seed}): ${bad} bad`);
  return bad;
};

/** How many damages were neither told nor without effect, or ended in something else than a line for people. */
export const damages = async (format: Format, rounds: number, seed: number): Promise<number> => {
  const random = numbersOf(seed);
  const counts: Record<Outcome, number> = { refused: 0, harmless: 0, changed: 0, broken: 0 };
  const { bytes, attempt, close } = await layOut(format);
  try {
    for (let round = 0; round < rounds; round++) {
      const { outcome, why } = await attempt(damage(bytes, round, random));
      counts[outcome]++;
      if (outcome === 'broken') say(`${format.name}, damage ${round}: ${why}`);
    }
  } finally {
    close();
  }
  const note = format.sums ? '' : ' (it has no checksum)';
  say(
    `${format.name}: ${counts.refused} refused, ${counts.harmless} harmless, ${counts.changed} read otherwise${note}, ${counts.broken} broken`,
  );
  return counts.broken + (format.sums ? counts.changed : 0);
};
