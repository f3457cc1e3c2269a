import type { Settings } from '../../domain/settings.ts'
import type { Needs } from '../needs.ts'

/** Changes how a person's videos are kept, from the next one that they send. */
export class ChangeSettings {
  constructor(private readonly need: Pick<Needs, 'settings' | 'tell' | 'transaction'>) {}

  async run({ owner, ...wanted }: { owner: string } & Settings): Promise<Settings> {
    const { settings, tell, transaction } = this.need
    await transaction(async () => {
      await settings.set(owner, wanted)
      await tell.settings_changed({ owner, ...wanted })
    })
    return wanted
  }
}
