import { AppError } from '@balcao/kernel'
import type { Config } from '@balcao/platform'
import { migrateService } from '@balcao/platform/open'
import { house } from './house.ts'
import { chosenServices } from './services.ts'

/** ROLE=migrate: brings the tables of the chosen services up to date and ends.
 *  @throws AppError `config/database`; Error naming the migration that failed */
export async function migrateHouse(config: Config): Promise<void> {
  const { databaseUrl, migrationDatabaseUrl } = config
  if (!databaseUrl || !migrationDatabaseUrl) {
    throw new AppError(
      'invalid',
      'config/database',
      'ROLE=migrate needs the database that it migrates: set DATABASE_URL.',
    )
  }
  for (const service of [house, ...chosenServices(config)]) {
    await migrateService(service, { databaseUrl, migrationDatabaseUrl })
  }
}
