// Verb: the names that Keras gives to layers without one: snake_case class, then `_1`, `_2` a class.

/**
 * A namer that counts a class at a time (`conv2d`, `conv2d_1`, …) and leaves reserved and taken names out.
 * Takes a class (`Conv2D`) or a ready stem (`spatial_dropout2d`).
 */
export function autoName(
  reserved: ReadonlySet<string>,
  taken: (name: string) => boolean,
): (classOrStem: string) => string {
  const counts = new Map<string, number>();
  return (classOrStem) => {
    const stem = snakeCase(classOrStem);
    for (;;) {
      const index = counts.get(stem) ?? 0;
      counts.set(stem, index + 1);
      const name = index === 0 ? stem : `${stem}_${index}`;
      if (!reserved.has(name) && !taken(name)) return name;
    }
  };
}

/** Keras' to_snake_case: `BatchNormalization` → `batch_normalization`, `Conv2D` → `conv2d`, `ReLU` → `re_lu`. */
export function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
