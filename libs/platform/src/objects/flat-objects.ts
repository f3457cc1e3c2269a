import type { Bucket, Buckets } from './buckets.ts'

type Named<F> = F extends (...given: infer A) => infer R ? (bucket: string, ...given: A) => R : never

/** Buckets by name in each call; goes with its last user. */
export type ObjectStore = { [M in Exclude<keyof Bucket, 'name' | 'copy'>]: Named<Bucket[M]> } & {
  copy(bucket: string, from: string, toBucket: string, to: string): Promise<void>
}

export function flatObjects(buckets: Buckets): ObjectStore {
  return new Proxy({} as ObjectStore, {
    get: (_, method: keyof Bucket) =>
      method === ('copy' as keyof Bucket)
        ? (bucket: string, from: string, toBucket: string, to: string) =>
            buckets.bucket(bucket).copy(from, buckets.bucket(toBucket), to)
        : (bucket: string, ...given: never[]) => {
            const of = buckets.bucket(bucket)
            return (of[method] as (...g: never[]) => unknown).apply(of, given)
          },
  })
}
