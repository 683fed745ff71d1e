// Verb: an error of any library → which resource of the machine is short, in one line with the cure; null where none is.

/** What the system, V8, the C++ library and onnxruntime say. */
const shortages: readonly { readonly says: RegExp; readonly line: string }[] = [
  {
    says: /\b(EMFILE|ENFILE)\b|too many open files/i,
    line: 'too few files may be open at once: allow more (ulimit -n 1024) and try again',
  },
  {
    says: /\bEAGAIN\b.*(spawn|thread)|pthread_create failed.*Resource temporarily unavailable/i,
    line: 'too few processes and threads are allowed: allow more (ulimit -u) and try again',
  },
  {
    says: /\bENOMEM\b|ERR_WORKER_OUT_OF_MEMORY|cannot allocate memory|bad_alloc|bad allocation|out of memory|allocation failed|failed to allocate|invalid array length/i,
    line: 'not enough memory: use a smaller batch, smaller images or a smaller network, or allow more (ulimit -v, the limit of the container)',
  },
];

/** By its code and message, and those of what caused it. */
export const shortOf = (error: unknown): string | null => {
  if (!(error instanceof Error)) return null;
  const code = 'code' in error ? String(error.code) : '';
  const said = `${code} ${error.message}`;
  return shortages.find(({ says }) => says.test(said))?.line ?? shortOf(error.cause);
};
