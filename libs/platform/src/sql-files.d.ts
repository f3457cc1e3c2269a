/** The migrations of a folder (`../migrations/*.sql`), by file name without its ending (scripts/sql-plugin.ts). */
declare module '*.sql' {
  const migrations: Readonly<Record<string, string>>
  export default migrations
}
