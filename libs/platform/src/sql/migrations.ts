/** Plain SQL by name, applied in the order of the names: `{ '0001_users': 'create table …' }`. */
export type Migrations = Readonly<Record<string, string>>
