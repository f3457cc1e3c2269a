/** The shortest password that the pool takes. */
export const SHORTEST_PASSWORD = 12

export type Strength = 0 | 1 | 2 | 3

/** A rough guess at how hard a password is to guess: length first, variety second, repetition against it. */
export function passwordStrength(password: string): Strength {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(password)).length
  const different = new Set(password).size
  if (password.length < SHORTEST_PASSWORD || different < 5) return 0
  const points = Math.min(different, 20) + (password.length - SHORTEST_PASSWORD) + kinds * 3
  return points >= 28 ? 3 : points >= 20 ? 2 : 1
}
