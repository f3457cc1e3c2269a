/** Stands for a name or an address where it may not be written: keyed, so that it cannot be guessed back. */
export type Pseudonym = (kind: 'name' | 'address', text: string) => string
