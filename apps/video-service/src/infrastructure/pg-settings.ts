import { flag, rowOf, type Sql } from '@balcao/platform'
import type { SettingsOfPeople } from '../application/ports/settings.ts'
import { defaultSettings, type Settings } from '../domain/settings.ts'

const settingsRow = rowOf<Settings>()({ keepOriginals: flag() })

export class PgSettings implements SettingsOfPeople {
  constructor(private readonly sql: Sql) {}

  async get(owner: string): Promise<Settings> {
    const row = await this.sql.first<Record<string, unknown>>(
      `select ${settingsRow.columns()} from settings where owner = $1`,
      [owner],
    )
    return row ? settingsRow.read(row) : defaultSettings
  }

  async set(owner: string, { keepOriginals }: Settings): Promise<void> {
    await this.sql.run(
      `insert into settings (owner, keep_originals) values ($1, $2)
       on conflict (owner) do update set keep_originals = excluded.keep_originals`,
      [owner, keepOriginals],
    )
  }
}
