export const platformMigrations: Readonly<Record<string, string>> = {}
