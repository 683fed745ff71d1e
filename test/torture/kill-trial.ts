// Verb: a case and random numbers → a run that is killed again and again until it is done; what did not hold of its end.
import type { KillCase } from './kill-cases.ts';
import { begin, callTlp, finish, goOn, hasBegun, placeOf, type Reference } from './run-trial.ts';

export interface KillTrial {
  /** What did not hold; null: nothing. */
  readonly problem: string | null;
  readonly kills: number;
}

/** Numbers in 0..1. */
export type Random = () => number;

/** A generator of its own for each trial: mulberry32 (public domain). */
export const randomOf = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

const pick = <T>(random: Random, of: readonly T[]): T => of[Math.floor(random() * of.length)]!;

/** Most are kills that nobody can catch. */
const signals = [...Array<'SIGKILL'>(6).fill('SIGKILL'), 'SIGTERM', 'SIGINT'] as const;
/** Exit codes of a process that does not take the signal yet: it has only begun to start. */
const byDefault = { SIGKILL: 137, SIGTERM: 143, SIGINT: 130 } as const;
/** How often checkpoints come: at every step, each second, as by default. */
const often = [['--checkpoint-every', '0'], ['--checkpoint-every', '1'], []] as const;
/** Kills of one trial, at most. */
const MOST = 4;

export const killTrial = async ({ text }: KillCase, reference: Reference, random: Random): Promise<KillTrial> => {
  const place = placeOf(text);
  try {
    let kills = 0;
    while (kills < MOST && (kills === 0 || random() < 0.5)) {
      const wait = reference.duration * (0.15 + random());
      const signal = pick(random, signals);
      let timer: NodeJS.Timeout | undefined;
      const words = [...(hasBegun(place) ? goOn : begin), ...pick(random, often)];
      const { code, stderr } = await callTlp(place, words, {
        onStart: (child) => {
          timer = setTimeout(() => child.kill(signal), wait);
        },
      });
      clearTimeout(timer);
      const isExpected =
        code === 0 ||
        code === byDefault[signal] ||
        code === 130 ||
        (code === 2 && /is finished|holds no run/.test(stderr));
      if (!isExpected) return { problem: `after ${signal} it ended with ${code}: ${stderr.trim()}`, kills };
      kills += 1;
      if (code === 0 || code === 2) break;
    }
    return { problem: await finish(place, reference), kills };
  } finally {
    place.remove();
  }
};
