/** A migration as text (scripts/sql-plugin.ts). */
declare module '*.sql' {
  const text: string
  export default text
}
