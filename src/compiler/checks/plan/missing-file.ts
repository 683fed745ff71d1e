// Check: a file or folder that the run reads is not there.
import { finding } from '../../../parser/diagnostic.ts';
import { missingFile } from '../../findings/plan.ts';
import type { DataPlan } from '../../plan/plan.ts';
import type { PlanCheck } from './plan-check.ts';

/** Paths that the source reads, and what each is called. */
const sourcePaths = ({ source }: DataPlan): readonly (readonly [string, string])[] => {
  switch (source.kind) {
    case 'folder':
      return [
        [source.path, 'folder of images'],
        ...(source.test === null ? [] : [[source.test, 'folder of test images'] as const]),
      ];
    case 'csv':
      return [[source.path, 'table']];
    default:
      return [];
  }
};

export const checkMissingFile: PlanCheck = ({ draft: { data, backbone }, at, isThere }) => {
  const weights = backbone?.weights.kind === 'file' ? backbone.weights : null;
  const wanted = [
    ...(data === null ? [] : sourcePaths(data).map(([path, what]) => ({ path, what, span: at(data, 'source') }))),
    ...(weights === null
      ? []
      : [{ path: weights.path, what: 'file of weights', span: at(weights, 'path', backbone ?? undefined) }]),
  ];
  return wanted
    .filter(({ path }) => !isThere(path))
    .map(({ path, what, span }) =>
      finding(missingFile, span, `The ${what} "${path}" is not there.`, {
        help: 'Paths begin at the folder of the pipeline. `tlp run` refuses to start without it.',
      }),
    );
};
