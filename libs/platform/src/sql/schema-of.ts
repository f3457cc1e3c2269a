/** The PostgreSQL schema of a service: its name with `_` for `-`. */
export const schemaOf = (service: { readonly name: string }): string => service.name.replaceAll('-', '_')

/** The schema of the service's queues, beside its own. */
export const queueSchemaOf = (schema: string): string => `${schema}_jobs`
