// Verb: two texts to a unified difference, which `patch` and `git apply` take.

/** Lines of context around a change. */
const CONTEXT = 3;

/** A line has its line end with it; only the last of a text may lack one. */
type Step = { readonly sign: ' ' | '-' | '+'; readonly line: string };

const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const show = ({ sign, line }: Step): string =>
  line.endsWith('\n') ? `${sign}${line}` : `${sign}${line}\n\\ No newline at end of file\n`;

export const diffLines = (name: string, before: string, after: string): string => {
  const steps = align(linesOf(before), linesOf(after));
  const hunks: string[] = [];
  const old = counts(steps, ' -');
  const fresh = counts(steps, ' +');
  for (let at = 0; at < steps.length; ) {
    if (steps[at]!.sign === ' ') {
      at++;
      continue;
    }
    const from = Math.max(0, at - CONTEXT);
    let to = at;
    for (let i = at; i < steps.length && i <= to + 2 * CONTEXT; i++) if (steps[i]!.sign !== ' ') to = i;
    const end = Math.min(steps.length, to + CONTEXT + 1);
    const range = (before: Uint32Array): string => {
      const lines = before[end]! - before[from]!;
      return `${before[from]! + (lines === 0 ? 0 : 1)},${lines}`; // without lines: the line before them
    };
    hunks.push(`@@ -${range(old)} +${range(fresh)} @@\n`);
    for (const step of steps.slice(from, end)) hunks.push(show(step));
    at = end;
  }
  return hunks.length === 0 ? '' : `--- ${name}\n+++ ${name}\n${hunks.join('')}`;
};

/** How many steps before each one have one of the signs. */
const counts = (steps: readonly Step[], signs: string): Uint32Array => {
  const before = new Uint32Array(steps.length + 1);
  for (const [i, { sign }] of steps.entries()) before[i + 1] = before[i]! + (signs.includes(sign) ? 1 : 0);
  return before;
};

/** Longest common subsequence after what is equal at both ends is set aside. */
const align = (a: readonly string[], b: readonly string[]): readonly Step[] => {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const same = (lines: readonly string[]): readonly Step[] => lines.map((line) => ({ sign: ' ', line }));
  const x = a.slice(start, a.length - end);
  const y = b.slice(start, b.length - end);
  return [...same(a.slice(0, start)), ...middle(x, y), ...same(a.slice(a.length - end))];
};

const middle = (x: readonly string[], y: readonly string[]): readonly Step[] => {
  const all = (sign: '-' | '+', lines: readonly string[]): readonly Step[] => lines.map((line) => ({ sign, line }));
  if (x.length * y.length > 25_000_000) return [...all('-', x), ...all('+', y)];
  const width = y.length + 1;
  const longest = new Uint32Array((x.length + 1) * width);
  for (let i = x.length - 1; i >= 0; i--) {
    for (let j = y.length - 1; j >= 0; j--) {
      longest[i * width + j] =
        x[i] === y[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
    }
  }
  const out: Step[] = [];
  let i = 0;
  let j = 0;
  while (i < x.length && j < y.length) {
    if (x[i] === y[j]) {
      out.push({ sign: ' ', line: x[i]! });
      i++;
      j++;
    } else if (longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!) out.push({ sign: '-', line: x[i++]! });
    else out.push({ sign: '+', line: y[j++]! });
  }
  return [...out, ...all('-', x.slice(i)), ...all('+', y.slice(j))];
};
