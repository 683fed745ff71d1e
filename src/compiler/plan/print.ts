// Verb: a plan as YAML. What `tlp plan` shows, what a run records, what golden files hold.
import { Document, isCollection, isMap, isScalar, visit } from 'yaml';
import type { Plan } from './plan.ts';

/** Small objects and lists of plain values stand on one line when they fit in this many columns. */
const WIDTH = 100;

export const printPlan = (plan: Plan): string => {
  const document = new Document(plan, { aliasDuplicateObjects: false });
  visit(document, {
    Collection(_, node, path) {
      const plain = node.items.every((item) => {
        const value = isMap(node) && typeof item === 'object' && item !== null && 'value' in item ? item.value : item;
        return isScalar(value) || (isCollection(value) && value.items.length === 0) || isSmall(value);
      });
      const text = JSON.stringify(node.toJS(document));
      if (plain && path.length > 2 && text.length + 2 * path.length <= WIDTH) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
};

/** A list of numbers, or an object of plain values. */
const isSmall = (value: unknown): boolean =>
  isCollection(value) &&
  value.items.length <= 4 &&
  value.items.every(
    (item) =>
      isScalar(typeof item === 'object' && item !== null && 'value' in item ? item.value : item) || isScalar(item),
  );
