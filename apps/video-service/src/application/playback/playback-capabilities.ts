import { AppError, type Clock } from '@balcao/kernel'
import type { Secrets } from '@balcao/platform'
import { type Capability, openCapability, sealCapability } from '../../domain/capability.ts'
import { refusals } from '../../domain/refusals.ts'

const KEY_NAME = 'playback-capability'

/** Gives capabilities to watch and recognises them. The key's id stands before the sealed text: `id.sealed`. */
export class PlaybackCapabilities {
  constructor(
    private readonly secrets: Pick<Secrets, 'current' | 'byId'>,
    private readonly clock: Clock,
  ) {}

  /** Makes the key while there is room for it: what can be watched is watched on a full disk too. */
  async prepare(): Promise<void> {
    await this.secrets.current(KEY_NAME)
  }

  async seal(capability: Capability): Promise<string> {
    const key = await this.secrets.current(KEY_NAME)
    return `${key.id}.${sealCapability(capability, key.bytes)}`
  }

  /** @throws AppError `playback/unknown` for what we did not give, `playback/expired` */
  async open(text: string): Promise<Capability> {
    const [keyId, sealed, ...rest] = text.split('.')
    const key = keyId && sealed && rest.length === 0 ? await this.#key(keyId) : undefined
    const capability = key && openCapability(sealed!, key)
    if (!capability) throw refusals.playbackUnknown()
    if (capability.expiresAt <= this.clock.now()) throw refusals.playbackExpired()
    return capability
  }

  async #key(id: string): Promise<Buffer | undefined> {
    try {
      return (await this.secrets.byId(KEY_NAME, id)).bytes
    } catch (error) {
      if (error instanceof AppError) return undefined
      throw error
    }
  }
}
