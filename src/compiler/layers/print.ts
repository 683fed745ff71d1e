// Verb: model → text: a table for people, and YAML with every setting for golden files.
import { parameterCounts, sizeOf } from './cost.ts';
import { type BatchNormMode, batchNormMode } from './freeze.ts';
import type { Layer, LayersModel } from './layers.ts';
import { showShape } from './problem.ts';

/**
 * One line a layer: name, class, output shape, parameters, and `trains` or `frozen` for layers with weights; batch norm
 * that is not frozen but keeps its statistics says so. Totals as in Keras' summary.
 */
export function printLayerTable(
  model: LayersModel,
  frozen: ReadonlySet<string>,
  batchNorm: BatchNormMode = 'train',
): string {
  const rows = model.layers.map((layer) => [
    layer.name,
    layer.class_name,
    showShape(layer.output_shape),
    grouped(sizeOf(layer.weights)),
    state(layer, frozen, batchNorm),
  ]);
  const counts = parameterCounts(model, frozen, batchNorm);
  const lines = alignColumns([['layer', 'class', 'output', 'parameters', ''], ...rows]);
  const rule = '-'.repeat(Math.max(...lines.map((line) => line.length)));
  return [
    ...lines.slice(0, 1),
    rule,
    ...lines.slice(1),
    rule,
    `total ${grouped(counts.total)} parameters: ${grouped(counts.trainable)} trainable, ${grouped(counts.non_trainable)} non-trainable`,
    '',
  ].join('\n');
}

/** The whole model as YAML, one flow mapping a layer: what golden files hold. */
export function printLayers(
  model: LayersModel,
  frozen: ReadonlySet<string>,
  batchNorm: BatchNormMode = 'train',
): string {
  const counts = parameterCounts(model, frozen, batchNorm);
  const layers = model.layers.map((layer) => `  - ${flow(described(layer, frozen, batchNorm))}`);
  return [`name: ${model.name}`, `parameters: ${flow({ ...counts })}`, 'layers:', ...layers, ''].join('\n');
}

function described(layer: Layer, frozen: ReadonlySet<string>, batchNorm: BatchNormMode): Record<string, unknown> {
  const { name, class_name, inputs, output_shape, part, weights, origin, ...settings } = layer;
  const parameters = sizeOf(weights);
  const kernel = weights.find(({ kind }) => kind === 'trainable');
  const start = kernel?.name.endsWith('kernel') ? { initializer: initializer(kernel.initializer) } : {};
  const penalty = kernel?.regularizer ? { regularizer: kernel.regularizer } : {};
  return {
    name,
    class: class_name,
    part,
    inputs,
    output: showShape(output_shape),
    ...settings,
    ...(parameters > 0 ? { parameters, state: state(layer, frozen, batchNorm), ...start, ...penalty } : {}),
    origin,
  };
}

function initializer(plan: { readonly kind: string }): unknown {
  return Object.keys(plan).length === 1 ? plan.kind : plan;
}

/** '' for layers without weights. */
function state(layer: Layer, frozen: ReadonlySet<string>, batchNorm: BatchNormMode): string {
  if (layer.weights.length === 0) return '';
  if (frozen.has(layer.name)) return 'frozen';
  const mode = layer.class_name === 'BatchNormalization' ? batchNormMode(layer, frozen, batchNorm) : 'train';
  return { train: 'trains', adapt: 'statistics move', inference: 'statistics stay' }[mode];
}

/** Columns as wide as their widest cell, two spaces between; the fourth (numbers) to the right. */
function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** 25636712 → `25,636,712`, the same in every locale. */
/** 1234567 → 1,234,567. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${key}: ${flow(item)}`)
      .join(', ')} }`;
  }
  return typeof value === 'string' && !/^[A-Za-z_][\w./-]*$|^\/[\w./-]+$/.test(value)
    ? JSON.stringify(value)
    : String(value);
}
