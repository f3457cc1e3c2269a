/** What this browser keeps for us. Where it is closed to us nothing is kept, and nothing breaks. */
export const storage = {
  getItem(key: string): string | null {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  },
  setItem(key: string, value: string): void {
    try {
      localStorage.setItem(key, value)
    } catch {
      // Closed or full: it lasts until the reload, then.
    }
  },
  removeItem(key: string): void {
    try {
      localStorage.removeItem(key)
    } catch {
      // There is nothing to remove.
    }
  },
}
