/** What of a row one field is made of. */
export interface Column<T> {
  /** The column's name, or an expression; undefined where it is the field's own name in SQL's spelling. */
  readonly sql: string | undefined
  read(value: unknown, name: string): T
}

/** A field that is made of several columns. */
export interface Group<T> {
  readonly fields: { readonly [K in keyof T]-?: Column<T[K]> }
}

type Field<T> = Column<T> | Group<NonNullable<T>>

/** One row of a table and the value it is, field by field. */
export interface RowOf<T> {
  /** The select list, every column by name. @param alias of the table, `v` for `v.title` */
  columns(alias?: string): string
  /** The value of a row that was selected by `columns`. @throws Error that names a column whose value does not fit */
  read(row: Readonly<Record<string, unknown>>): T
}

/** The mapper of a row, derived from what it becomes: a field of `T` without a column, or with one of another type, does
 *  not compile. `rowOf<Video>()({ id: text(), durationSeconds: optional(real('duration')) })` */
export function rowOf<T>() {
  return (fields: { readonly [K in keyof T]-?: Field<T[K]> }): RowOf<T> => {
    const flat = Object.entries<Field<unknown>>(fields).flatMap(([name, field]) =>
      'fields' in field
        ? Object.entries<Column<unknown>>(field.fields).map(([inner, column]) => ({
            name: `${name}.${inner}`,
            column,
            field: inner,
          }))
        : [{ name, column: field, field: name }],
    )
    const read = (column: Column<unknown>, row: Readonly<Record<string, unknown>>, name: string) =>
      column.read(row[name], name)
    const columnsOf = (alias: string | undefined) =>
      flat.map(({ name, column, field }) => `${qualified(column.sql ?? inSql(field), alias)} as "${name}"`).join(', ')
    const plain = columnsOf(undefined)
    return {
      columns: (alias) => (alias === undefined ? plain : columnsOf(alias)),
      read: (row) =>
        Object.fromEntries(
          Object.entries<Field<unknown>>(fields).map(([name, field]) => [
            name,
            'fields' in field ? readGroup(field, row, name) : read(field, row, name),
          ]),
        ) as T,
    }
  }
}

function readGroup(group: Group<unknown>, row: Readonly<Record<string, unknown>>, name: string): unknown {
  const fields = Object.entries<Column<unknown>>(group.fields)
  if (fields.every(([inner]) => row[`${name}.${inner}`] === null)) return undefined
  return Object.fromEntries(
    fields.map(([inner, column]) => [inner, column.read(row[`${name}.${inner}`], `${name}.${inner}`)]),
  )
}

const inSql = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const qualified = (sql: string, alias: string | undefined) => (alias && /^\w+$/.test(sql) ? `${alias}.${sql}` : sql)

function column<T>(sql: string | undefined, is: string, convert: (value: unknown) => T | undefined): Column<T> {
  return {
    sql,
    read: (value, name) => {
      const read = value === null || value === undefined ? undefined : convert(value)
      if (read === undefined) throw new Error(`The column "${name}" holds ${String(value)}, which is no ${is}.`)
      return read
    },
  }
}
const when = <T>(fits: boolean, value: unknown) => (fits ? (value as T) : undefined)

/** Text. @param sql as for every kind: the column's name or an expression, where it is not the field's own name */
export const text = (sql?: string): Column<string> =>
  column(sql, 'text', (value) => when<string>(typeof value === 'string', value))

/** One of these texts: a state, a kind. */
export const oneOf = <const V extends string>(values: readonly V[], sql?: string): Column<V> =>
  column(sql, values.join(' or '), (value) => when<V>((values as readonly unknown[]).includes(value), value))

/** An int or smallint. */
export const int = (sql?: string): Column<number> =>
  column(sql, 'integer', (value) => when<number>(Number.isInteger(value), value))

/** A double precision. */
export const real = (sql?: string): Column<number> =>
  column(sql, 'number', (value) => when<number>(typeof value === 'number', value))

export const flag = (sql?: string): Column<boolean> =>
  column(sql, 'boolean', (value) => when<boolean>(typeof value === 'boolean', value))

/** A timestamptz. */
export const time = (sql?: string): Column<Date> =>
  column(sql, 'time', (value) => when<Date>(value instanceof Date, value))

/** A bigint that counts bytes: a number, as long as one is exact. */
export const bytes = (sql?: string): Column<number> =>
  column(sql, 'count of bytes that a number tells exactly', (value) => {
    const number = typeof value === 'bigint' ? Number(value) : Number.NaN
    return when<number>(Number.isSafeInteger(number) && number >= 0, number)
  })

/** A bigint that is money. On the wire it is a decimal string (`Centavos` in the contracts). */
export const centavos = (sql?: string): Column<bigint> =>
  column(sql, 'amount in centavos', (value) => when<bigint>(typeof value === 'bigint', value))

/** A bytea. */
export const binary = (sql?: string): Column<Buffer> =>
  column(sql, 'bytea', (value) => when<Buffer>(Buffer.isBuffer(value), value))

/** A json or jsonb, read by a schema. Never for numbers that a double cannot tell exactly: they have columns. */
export const json = <T>(schema: { parse(value: unknown): T }, sql?: string): Column<T> =>
  column(sql, 'JSON of its schema', (value) => schema.parse(value))

/** A column that may be null, which is undefined here. */
export const optional = <T>(of: Column<T>): Column<T | undefined> => ({
  sql: of.sql,
  read: (value, name) => (value === null ? undefined : of.read(value, name)),
})

/** Several columns as one field, undefined where all of them are null. */
export const group = <T>(fields: Group<T>['fields']): Group<T> => ({ fields })
