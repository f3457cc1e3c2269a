import { isCpf } from '@balcao/kernel'

const DEEPEST = 6
const LONGEST_LIST = 100

// Compared without case, "_" and "-".
const SECRET_NAMES = new Set([
  ...['code', 'otp', 'totp', 'session', 'cookie', 'setcookie', 'authorization', 'cpf', 'email', 'signature'],
  ...['usercode', 'mfacode', 'confirmationcode', 'verificationcode', 'softwaretokenmfacode', 'secrethash'],
])
const SECRET_PARTS = /password|passwd|senha|secret|token|credential|privatekey|apikey|pepper/
// What says which error it was: `auth/invalid_token`, `ENOENT`.
const ERROR_CODE = /^(?:[a-z-]+\/[a-z_]+|E[A-Z_]{3,})$/

const PATTERNS: readonly [RegExp, string][] = [
  [/\beyJ[\w-]+(?:\.[\w-]*)+/g, '[token]'],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 [token]'],
  [/:\/\/[^/@\s"]+@/g, '://[credentials]@'],
  [/(x-amz-(?:signature|credential|security-token)=)[^&\s"']+/gi, '$1[hidden]'],
  [/[^\s@"'<>,;:=(){}[\]]+@[^\s@"'<>,;:=(){}[\]]+\.[a-z]{2,}/gi, '[e-mail]'],
  [/\b([a-z_-]*(?:password|senha|secret|token|authorization)["']?\s*[:=]\s*["']?)[^\s"',;&}\]]+/gi, '$1[hidden]'],
  [/\b((?:code|código|otp)["']?\s*[:=]?\s*["']?)\d{4,8}\b/gi, '$1[hidden]'],
]
const CPF_LIKE = /(?<![A-Za-z0-9])\d{3}\.?\d{3}\.?\d{3}[-\s]?\d{2}(?![A-Za-z0-9])/g

/** A text without CPFs, e-mail addresses, tokens, signatures, passwords and codes. */
export function redactText(text: string): string {
  const plain = PATTERNS.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text)
  return plain.replace(CPF_LIKE, (digits) => (isCpf(digits) ? '[cpf]' : digits))
}

const isSecret = (name: string, value: unknown): boolean => {
  const plain = name.toLowerCase().replace(/[_-]/g, '')
  if (plain === 'code' && typeof value === 'string' && ERROR_CODE.test(value)) return false
  return SECRET_NAMES.has(plain) || SECRET_PARTS.test(plain)
}

function redactRecord(record: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      redactText(name),
      isSecret(name, value) ? '[hidden]' : redact(value, depth + 1),
    ]),
  )
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  // A driver's own fields (the failing row, the query's values) stay out; `cause` is followed.
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  return {
    type: error.name,
    message: redactText(error.message),
    stack: redactText(error.stack ?? ''),
    ...(typeof code === 'string' ? { code: redactText(code) } : {}),
    ...(cause !== undefined ? { cause: redact(cause, depth + 1) } : {}),
  }
}

/** A copy that may be logged, whatever it is: named secrets are hidden wherever they stand, texts are cleaned. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'number') return isCpf(String(value)) ? '[cpf]' : value
  if (typeof value === 'bigint') return redactText(String(value))
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return value
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (depth >= DEEPEST) return '[deeper]'
  if (value instanceof Error) return redactError(value, depth)
  if (value instanceof Map) return redactRecord(Object.fromEntries(value), depth)
  if (value instanceof Set) return redact([...value], depth)
  if (Array.isArray(value)) return value.slice(0, LONGEST_LIST).map((item) => redact(item, depth + 1))
  if (isPlain(value)) return redactRecord(value, depth)
  const { toJSON } = value as { toJSON?: () => unknown }
  // A socket or a request would be written with everything that hangs on it.
  return typeof toJSON === 'function' ? redact(toJSON.call(value), depth + 1) : `[${value.constructor.name}]`
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
