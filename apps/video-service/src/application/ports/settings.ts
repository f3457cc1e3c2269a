import type { Settings } from '../../domain/settings.ts'

/** How people want their videos kept. What is sent is kept as its owner wishes at that moment. */
export interface SettingsOfPeople {
  /** What a person chose, else what is so for everybody. */
  get(owner: string): Promise<Settings>
  set(owner: string, settings: Settings): Promise<void>
}
