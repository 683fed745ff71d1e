// Verb: row numbers → features of a batch, from memory where the rows fit, else from the disk.
import { type CacheState, dropShard, reasonOf } from './cache-state.ts';
import { ShardError, valuesOf } from './shard.ts';
import { loadRows, readRow, sizeOfRows } from './shard-rows.ts';

/** The bytes that hold a row, and where. Throws ShardError where it is damaged. */
const findRow = (state: CacheState, row: number): { readonly bytes: Buffer; readonly at: number } => {
  const { index, request, scratch } = state;
  const shard = index.shardOf(row);
  const place = index.placeOf(row);
  if (shard.bytes === null && state.held + sizeOfRows(shard, request.features) <= request.memory) {
    loadRows(shard, request.features);
    state.held += sizeOfRows(shard, request.features);
  }
  if (shard.bytes !== null) return { bytes: shard.bytes, at: place * scratch.length };
  readRow(shard, place, scratch);
  return { bytes: scratch, at: 0 };
};

/** See FeatureCache. */
export const gather = (
  state: CacheState,
  rows: Int32Array,
  from: number,
  count: number,
  into: readonly Float32Array[],
): boolean => {
  const targets = into.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength));
  const sizes = state.request.features.map((feature) => valuesOf([feature]) * 4);
  for (let i = 0; i < count; i += 1) {
    const row = rows[from + i]!;
    try {
      const { bytes, at } = findRow(state, row);
      let position = at;
      for (let f = 0; f < sizes.length; f += 1) {
        const size = sizes[f]!;
        bytes.copy(targets[f]!, i * size, position, position + size);
        position += size;
      }
    } catch (error) {
      dropShard(
        state,
        state.index.shardOf(row),
        error instanceof ShardError ? error.message : `cannot be read (${reasonOf(error)})`,
      );
      return false;
    }
  }
  return true;
};
