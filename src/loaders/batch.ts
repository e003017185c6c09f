import DataLoader from 'dataloader'

/** Loads beyond this many are split over several statements, in order. */
const mostLoadsInABatch = 10_000

/**
 * One loader per shape, made on first use and kept for the request. `run` gets all loads of a tick and
 * answers them in order, an Error for a load that fails alone; when it fails as a whole, each load
 * does, and nothing is remembered.
 */
export interface Batches {
  load<Item, Result>(
    shape: string,
    item: Item,
    run: (items: readonly Item[]) => Promise<readonly (Result | Error)[]>,
  ): Promise<Result>
}

/** `isBatching: false` runs every load by itself: the reference that batching is tested against. */
export function createBatches(options: { readonly isBatching: boolean }): Batches {
  const loaders = new Map<string, DataLoader<unknown, unknown>>()
  return {
    load<Item, Result>(
      shape: string,
      item: Item,
      run: (items: readonly Item[]) => Promise<readonly (Result | Error)[]>,
    ): Promise<Result> {
      let loader = loaders.get(shape)
      if (!loader) {
        loader = new DataLoader<unknown, unknown>(
          (items) => run(items as readonly Item[]), // a shape has one type of item
          { cache: false, maxBatchSize: options.isBatching ? mostLoadsInABatch : 1 },
        )
        loaders.set(shape, loader)
      }
      return loader.load(item) as Promise<Result> // and one type of result
    },
  }
}
