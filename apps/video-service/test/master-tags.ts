/** The attributes of each EXT-X-MEDIA of that type, by name (RFC 8216 §4.2). */
export function masterTags(master: string, type: 'AUDIO' | 'SUBTITLES'): Record<string, string>[] {
  return master
    .split('\n')
    .filter((line) => line.startsWith(`#EXT-X-MEDIA:TYPE=${type},`))
    .map((line) => {
      const attributes = [...line.matchAll(/([A-Z-]+)=(?:"([^"]*)"|([\w-]+))/g)]
      return Object.fromEntries(attributes.map(([, name, quoted, plain]) => [name!, quoted ?? plain!]))
    })
}
