// How figures are written for people: counts, shares, points, seconds, losses, learning rates. Shared by lines and terminal UI.

/** 23587712 → `23,587,712`. */
export const count = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 });

/** A share 0..1 as `97.5%`; `-` when it is missing or not a number. */
export const percent = (share: number | null | undefined, digits = 1): string =>
  share == null || !Number.isFinite(share) ? '-' : `${(share * 100).toFixed(digits)}%`;

/** A difference of two shares in percentage points, signed: `+3.1 points`; `-0.0` is written `+0.0`. */
export const points = (difference: number | null | undefined): string =>
  difference == null || !Number.isFinite(difference) ? '-' : `${signed(difference * 100)} points`;

const signed = (value: number): string => {
  const text = value.toFixed(1);
  return text.startsWith('-') && Number(text) !== 0 ? text : `+${text.replace('-', '')}`;
};

/** A loss with four significant figures at most, never wider than eight characters: `0.0812`, `12.31`, `1.2e+9`, `NaN`. */
export const loss = (value: number | null | undefined): string => {
  if (value == null) return '-';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf';
  if (Math.abs(value) >= 1e5) return value.toExponential(1);
  return value.toFixed(Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 10 ? 2 : 4);
};

/** A learning rate as people write it in a pipeline: `0.001`, `8e-4`, `1e-5`. */
export const rate = (value: number): string => {
  if (value === 0) return '0';
  const exponential = value
    .toExponential(2)
    .replace(/\.?0+e/, 'e')
    .replace('e+', 'e');
  return value >= 1e-3 && value < 1000 ? String(Number(value.toPrecision(3))) : exponential;
};

/** Seconds as a person says them: `0.4 s`, `42 s`, `3 min 05 s`, `1 h 02 min`; `-` when unknown. */
export const duration = (seconds: number | null | undefined): string => {
  if (seconds == null || !Number.isFinite(seconds)) return '-';
  const value = Math.max(0, seconds);
  if (value < 9.95) return `${value.toFixed(1)} s`;
  const whole = Math.round(value);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(value / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
};

const two = (value: number): string => String(value).padStart(2, '0');

/** Images a second: one digit below 100, a whole number above. */
export const speed = (imagesPerSecond: number): string =>
  !Number.isFinite(imagesPerSecond) ? '-' : imagesPerSecond < 100 ? imagesPerSecond.toFixed(1) : count(imagesPerSecond);

/** `1 epoch`, `2 epochs`; `several` where it is not the noun with an s. */
export const plural = (number: number, noun: string, several = `${noun}s`): string =>
  `${count(number)} ${number === 1 ? noun : several}`;
