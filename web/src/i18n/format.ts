/** How numbers, sizes and times are shown. Dates are always São Paulo's, whoever looks and wherever. */
export function formats(locale: string, words: { bytes: readonly string[]; left: (text: string) => string }) {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const factor = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const dateTime = new Intl.DateTimeFormat('pt-BR', {
    dateStyle: 'short',
    timeStyle: 'short',
    timeZone: 'America/Sao_Paulo',
  })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })

  /** Decimal units, as the product counts (D1-03): 1 MB is 1,000,000 bytes. */
  const bytes = (count: number): string => {
    let value = count
    let unit = 0
    while (value >= 999.95 && unit < words.bytes.length - 1) {
      value /= 1000
      unit++
    }
    return `${(unit < 2 ? whole : number).format(value)} ${words.bytes[unit]}`
  }

  return {
    number: (value: number) => number.format(value),
    factor: (value: number) => factor.format(value),
    /** @param value 0 … 100; never rounded up to 100 before it is done */
    percent: (value: number) => percent.format(Math.min(100, value >= 100 ? 100 : Math.floor(value)) / 100),
    bytes,
    /** @param perSecond bytes */
    speed: (perSecond: number) => `${bytes(perSecond)}/s`,
    dateTime: (iso: string) => dateTime.format(new Date(iso)).replace(',', ''),
    /** `há 3 dias`, `ontem`; within the last minute `agora`. */
    ago: (iso: string, now = Date.now()) => {
      const seconds = Math.max(0, (now - new Date(iso).getTime()) / 1000)
      if (seconds < 60) return relative.format(0, 'second')
      if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute')
      if (seconds < 86_400) return relative.format(-Math.floor(seconds / 3600), 'hour')
      if (seconds < 86_400 * 30) return relative.format(-Math.floor(seconds / 86_400), 'day')
      return dateTime.format(new Date(iso)).slice(0, 10)
    },
    /** A film's length: `3:07`, `1:02:09`. @param seconds may be a fraction */
    clock,
    /** Time left in words: `12 s`, `3 min`, `2 h 5 min`. @param seconds may be a fraction */
    left: (seconds: number) => words.left(span(seconds)),
  }
}

export type Formats = ReturnType<typeof formats>

function clock(seconds: number): string {
  // Begun seconds do not count, as in the player's own display.
  const all = Math.max(0, Math.floor(seconds))
  const [h, m, s] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60]
  const two = (n: number) => String(n).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

function span(seconds: number): string {
  const all = Math.max(1, Math.round(seconds))
  if (all < 60) return `${all} s`
  const minutes = Math.round(all / 60)
  if (minutes < 60) return `${minutes} min`
  const rest = minutes % 60
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`
}
