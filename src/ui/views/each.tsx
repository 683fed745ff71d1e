// View: one piece for each item. An item's place is its identity here, so none needs a key.
import { createElement, Fragment, type ReactNode } from 'react';

interface EachProps<T> {
  readonly items: readonly T[];
  readonly show: (item: T, index: number) => ReactNode;
}

export const Each = <T,>({ items, show }: EachProps<T>) => createElement(Fragment, null, ...items.map(show));
