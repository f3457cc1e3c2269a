import type { Clock } from '@balcao/kernel'
import { checkFolder } from '../../domain/withheld.ts'
import type { Withheld } from '../ports/withheld.ts'

/** Calls back the URLs of everything below a folder, also of what comes there later, until they are good again. Whoever
 *  signs each request with the key goes on. */
export class WithholdFolder {
  constructor(
    private readonly withheld: Withheld,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `InvalidArgument` where it is no folder */
  async run(bucket: string, folder: string): Promise<void> {
    checkFolder(folder)
    await this.withheld.add(bucket, folder, this.clock.now())
  }

  /** URLs that are still good give what they gave before.  @throws AppError `InvalidArgument` where it is no folder */
  async undo(bucket: string, folder: string): Promise<void> {
    checkFolder(folder)
    await this.withheld.remove(bucket, folder)
  }
}
