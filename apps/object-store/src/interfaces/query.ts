import { refusal } from '../domain/refusal.ts'
import type { Call } from './call.ts'

/** Text of the query that is held against keys, empty where there is none.
 *  @throws AppError `InvalidArgument` for text that no key holds */
export function keyOf(call: Call, name: string): string {
  const text = call.query.get(name) ?? ''
  if (text.includes('\0')) throw refusal('InvalidArgument', `${name} cannot hold a zero byte.`)
  return text
}

/** A number of the query, at most `most`. @throws AppError `InvalidArgument` */
export function numberOf(call: Call, name: string, most: number, otherwise = most): number {
  const text = call.query.get(name)
  if (text === undefined) return otherwise
  if (!/^\d{1,10}$/.test(text)) throw refusal('InvalidArgument', `${name} must be a number that is not negative.`)
  return Math.min(Number(text), most)
}
