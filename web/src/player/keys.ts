/** What a key does in the player, as on YouTube. Seconds, shares of one, steps of speed. */
export type Command =
  | { do: 'toggle' | 'mute' | 'full' | 'pip' | 'captions' }
  | { do: 'seek'; by: number }
  | { do: 'jump'; to: number }
  | { do: 'volume'; by: number }
  | { do: 'speed'; by: 1 | -1 }

const commands: Readonly<Record<string, Command>> = {
  ' ': { do: 'toggle' },
  k: { do: 'toggle' },
  j: { do: 'seek', by: -10 },
  l: { do: 'seek', by: 10 },
  ArrowLeft: { do: 'seek', by: -5 },
  ArrowRight: { do: 'seek', by: 5 },
  ArrowUp: { do: 'volume', by: 0.05 },
  ArrowDown: { do: 'volume', by: -0.05 },
  m: { do: 'mute' },
  f: { do: 'full' },
  i: { do: 'pip' },
  c: { do: 'captions' },
  '<': { do: 'speed', by: -1 },
  '>': { do: 'speed', by: 1 },
  Home: { do: 'jump', to: 0 },
  End: { do: 'jump', to: 1 },
}

/** The command of a key, or undefined when it is not the player's. */
export function commandOf(key: string): Command | undefined {
  if (/^\d$/.test(key)) return { do: 'jump', to: Number(key) / 10 }
  return commands[key.length === 1 ? key.toLowerCase() : key]
}

export const speeds = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const

/** The next speed up or down; stays at the ends. */
export function nextSpeed(now: number, by: 1 | -1): number {
  const at = speeds.findIndex((speed) => speed >= now)
  return speeds[Math.min(speeds.length - 1, Math.max(0, at + by))]!
}
