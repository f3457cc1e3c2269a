/** Bytes as a Brazilian reads them; never zero. */
export const gigabytes = (bytes: number): string =>
  new Intl.NumberFormat('pt-BR', { maximumFractionDigits: 1 }).format(Math.max(0.1, bytes / 1e9))
