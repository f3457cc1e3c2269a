/** What makes a file the same file after a reload: name, size, date. Hashed, so that it says nothing by itself. */
export async function fingerprint(file: { name: string; size: number; lastModified: number }): Promise<string> {
  const text = JSON.stringify([file.name, file.size, file.lastModified])
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
