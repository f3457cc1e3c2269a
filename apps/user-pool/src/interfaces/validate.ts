import type { ServiceModel, Shape } from './service-model.ts'
import { WireError } from './wire-error.ts'

const patterns = new Map<string, RegExp>()

/** The members of `input` that the operation knows, checked against the service model; others are dropped.
 *  No value is ever repeated in an error.
 *  @throws WireError SerializationException for a wrong type, InvalidParameterException for a wrong value */
export function validInput(model: ServiceModel, operation: string, input: unknown): unknown {
  const problems: string[] = []
  const result = valid(model, model.operations[operation]!.input, input, '', problems)
  if (problems.length > 0) {
    const found = `${problems.length} validation error${problems.length > 1 ? 's' : ''} detected`
    throw new WireError('InvalidParameterException', `${found}: ${problems.join('; ')}`)
  }
  return result
}

function valid(model: ServiceModel, name: string, value: unknown, path: string, problems: string[]): unknown {
  const shape = model.shapes[name]!
  const inner = (next: string, item: unknown, at: string) => valid(model, next, item, at, problems)
  switch (shape.type) {
    case 'structure': {
      if (!isRecord(value)) throw wrongType(path, 'a structure')
      const missing = (shape.required ?? []).filter((member) => value[member] === undefined || value[member] === null)
      for (const member of missing) problems.push(failed('Value null', join(path, member), 'Member must not be null'))
      return Object.fromEntries(
        Object.entries(shape.members ?? {})
          .filter(([member]) => value[member] !== undefined && value[member] !== null)
          .map(([member, next]) => [member, inner(next, value[member], join(path, member))]),
      )
    }
    case 'list':
      if (!Array.isArray(value)) throw wrongType(path, 'a list')
      return value.map((item, i) => inner(shape.member!, item, `${path}.${i + 1}.member`))
    case 'map':
      if (!isRecord(value)) throw wrongType(path, 'a map')
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          inner(shape.key!, key, `${path}.key`),
          inner(shape.value!, item, `${path}.value`),
        ]),
      )
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(path, 'a boolean')
      return value
    case 'string':
      if (typeof value !== 'string') throw wrongType(path, 'a string')
      problems.push(...brokenRules(shape, value).map((rule) => failed('Value', path, rule)))
      return value
    default:
      throw new Error(`The service model has a type that is not checked yet: ${shape.type}.`)
  }
}

function brokenRules(shape: Shape, value: string): string[] {
  // Characters, not UTF-16 units.
  const length = [...value].length
  const rules: string[] = []
  // What PostgreSQL cannot keep as text; no name, code or password needs it.
  if (value.includes('\0') || !value.isWellFormed()) rules.push('Member must be Unicode text without NUL')
  if (shape.min !== undefined && length < shape.min) {
    rules.push(`Member must have length greater than or equal to ${shape.min}`)
  }
  if (shape.max !== undefined && length > shape.max) {
    rules.push(`Member must have length less than or equal to ${shape.max}`)
  } else if (shape.pattern !== undefined && !matches(shape.pattern, value)) {
    rules.push(`Member must satisfy regular expression pattern: ${shape.pattern}`)
  }
  if (shape.enum && !shape.enum.includes(value)) {
    rules.push(`Member must satisfy enum value set: [${shape.enum.join(', ')}]`)
  }
  return rules
}

function matches(pattern: string, value: string): boolean {
  let compiled = patterns.get(pattern)
  if (!compiled) {
    compiled = new RegExp(`^(?:${pattern})$`, 'u')
    patterns.set(pattern, compiled)
  }
  return compiled.test(value)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const join = (path: string, member: string) => (path ? `${path}.` : '') + member[0]!.toLowerCase() + member.slice(1)
const failed = (what: string, path: string, rule: string) =>
  `${what} at '${path}' failed to satisfy constraint: ${rule}`
const wrongType = (path: string, type: string) =>
  new WireError('SerializationException', `${path ? `'${path}'` : 'The body'} must be ${type}.`)
