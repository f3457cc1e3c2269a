/** A title as it is searched: without accents and in lower case, so that `ferias` finds `Férias`. */
export function foldTitle(title: string): string {
  return title
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
}

/** The name a browser saves a download under: the title with the extension of what is downloaded. */
export function downloadName(title: string, extension: string): string {
  const base =
    originalName(title)
      .replace(/\.[a-z0-9]{2,5}$/i, '')
      .trim() || 'video'
  return `${base}.${extension}`
}

/** The name a browser saves what was sent under: the title, as far as a file may be called so. */
export const originalName = (title: string): string =>
  title.replace(/[\p{Cc}\p{Cf}/\\:*?"<>|]/gu, '_').replace(/^\.+/, '_') || 'video'
