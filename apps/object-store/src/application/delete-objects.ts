import type { Sql } from '@balcao/platform'
import type { Files } from './files.ts'
import type { Objects } from './objects.ts'

/** Removes objects; those that are not there count as removed, as in S3. */
export class DeleteObjects {
  constructor(
    private readonly sql: Sql,
    private readonly objects: Objects,
    private readonly files: Files,
  ) {}

  async run(bucket: string, keys: readonly string[]): Promise<void> {
    const orphaned = await this.sql.transaction(async () => {
      const files: (string | undefined)[] = []
      // In one order everywhere, so that two of these cannot wait for each other.
      for (const key of [...new Set(keys)].sort()) files.push(await this.objects.remove(bucket, key))
      return files
    })
    await this.files.remove(...orphaned)
  }
}
