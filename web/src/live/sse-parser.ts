export interface SseMessage {
  readonly event: string
  readonly data: string
}

/** Server-sent events out of text that comes in pieces (HTML Living Standard, 9.2.6). Comments are heartbeats: dropped. */
export class SseParser {
  #rest = ''
  #event = ''
  #data: string[] = []

  /** @returns the messages that this piece completed */
  push(piece: string): SseMessage[] {
    const messages: SseMessage[] = []
    const text = this.#rest + piece
    // A CR at the very end may be half of a CRLF: it waits for the next piece.
    const end = text.endsWith('\r') ? text.length - 1 : text.length
    const lines = text.slice(0, end).split(/\r\n|\n|\r/)
    this.#rest = lines.pop()! + text.slice(end)
    for (const line of lines) {
      if (line !== '') this.#field(line)
      else if (this.#data.length > 0) {
        messages.push({ event: this.#event || 'message', data: this.#data.join('\n') })
        this.#clear()
      } else this.#clear()
    }
    return messages
  }

  #field(line: string): void {
    const colon = line.indexOf(':')
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'event') this.#event = value
    if (name === 'data') this.#data.push(value)
  }

  #clear(): void {
    this.#event = ''
    this.#data = []
  }
}
