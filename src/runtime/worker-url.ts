// Where the bundled workers are: beside the bundle, or in dist/ when the sources run under tsx (tests, bench).

/** URL of a worker built by scripts/build.mjs. */
export const workerUrl = (name: 'engine-worker' | 'loader-worker' | 'h5-worker'): URL =>
  new URL(import.meta.url.endsWith('.ts') ? `../../dist/${name}.js` : `./${name}.js`, import.meta.url);
