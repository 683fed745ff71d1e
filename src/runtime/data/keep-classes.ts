// Verb: a source and a choice of its classes → the source with the images of those classes alone.
import { type ClassChoice, chosenClasses } from '../../compiler/leaf/class-choice.ts';
import { DataError, type Source, type Split } from './source.ts';

/** Images of the kept classes in their order, with where each lies in the whole split. */
interface Kept extends Split {
  readonly places: Uint32Array;
}

const keepSplit = ({ labels }: Split, places: ReadonlyMap<number, number>): Kept => {
  const kept = Uint32Array.from(labels.keys()).filter((index) => places.has(labels[index]!));
  return {
    count: kept.length,
    labels: Uint16Array.from(kept, (index) => places.get(labels[index]!)!),
    places: kept,
  };
};

/** Classes keep their order and are counted anew from 0. Throws DataError for a class that the source lacks. */
export const keepClasses = (source: Source, choice: ClassChoice): Source => {
  const { places, missing } = chosenClasses(choice, source.classes);
  if (missing.length > 0) {
    const shown = source.classes.slice(0, 12).join(', ');
    const more = source.classes.length > 12 ? ` and ${source.classes.length - 12} more` : '';
    throw new DataError(
      `\`classes\` names ${missing.slice(0, 5).join(', ')}, which the data do not have: they have ${shown}${more} (places 0..${source.classes.length - 1})`,
    );
  }
  const renumbered = new Map(places.map((place, index) => [place, index]));
  const splits = { train: keepSplit(source.train, renumbered), test: keepSplit(source.test, renumbered) };
  return {
    classes: places.map((place) => source.classes[place]!),
    image: source.image,
    train: splits.train,
    test: splits.test,
    read: (split, index, into) => source.read(split, splits[split].places[index]!, into),
    digest: (split, index) => source.digest(split, splits[split].places[index]!),
    fileOf: source.fileOf && ((split, index) => source.fileOf?.(split, splits[split].places[index]!) ?? ''),
    close: source.close,
  };
};
