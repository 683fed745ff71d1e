// Noun and verb: a choice of classes, and with the names of all classes the places of those that are kept.

/** Places `low..high` from 0, both included; or names. */
export type ClassChoice = readonly [number, number] | readonly string[];

/** Else names. */
export const isPlaces = (choice: ClassChoice): choice is readonly [number, number] => typeof choice[0] === 'number';

/** How many classes are kept. */
export const choiceSize = (choice: ClassChoice): number =>
  isPlaces(choice) ? choice[1] - choice[0] + 1 : new Set(choice).size;

/** Places of the kept classes in the order of the source; those that `names` lacks are told apart. */
export const chosenClasses = (
  choice: ClassChoice,
  names: readonly string[],
): { readonly places: readonly number[]; readonly missing: readonly string[] } => {
  if (isPlaces(choice)) {
    const [low, high] = choice;
    const places = Array.from({ length: high - low + 1 }, (_, i) => low + i);
    return {
      places: places.filter((place) => place < names.length),
      missing: places.filter((place) => place >= names.length).map(String),
    };
  }
  const wanted = new Set(choice.map((name) => String(name).normalize('NFC')));
  return {
    places: names.flatMap((name, place) => (wanted.has(name) ? [place] : [])),
    missing: [...wanted].filter((name) => !names.includes(name)),
  };
};
