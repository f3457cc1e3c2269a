import { describe, expect, it } from 'vitest'
import { SseParser } from './sse-parser.ts'

const stream =
  ': hello\r\n\r\nevent: video\ndata: {"id":1,\ndata: "x":2}\n\nid: 7\rdata:plain\r\revent: gone\n\ndata: ó\n\n'
const messages = [
  { event: 'video', data: '{"id":1,\n"x":2}' },
  { event: 'message', data: 'plain' },
  { event: 'message', data: 'ó' },
]

describe('server-sent events', () => {
  it('are read whole', () => {
    expect(new SseParser().push(stream)).toEqual(messages)
  })

  it('are the same however the text is cut', () => {
    for (let size = 1; size < 12; size++) {
      const parser = new SseParser()
      const read = []
      for (let at = 0; at < stream.length; at += size) read.push(...parser.push(stream.slice(at, at + size)))
      expect(read, `cut every ${size}`).toEqual(messages)
    }
  })

  it('that are not finished say nothing yet', () => {
    const parser = new SseParser()
    expect(parser.push('data: half')).toEqual([])
    expect(parser.push('\n\n')).toEqual([{ event: 'message', data: 'half' }])
  })
})
