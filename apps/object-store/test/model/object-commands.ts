import { BODIES, type BodyName } from './bodies.ts'
import { bare, elements, pathOf } from './client.ts'
import {
  type Answer,
  asked,
  type Command,
  type Condition,
  inHeaders,
  type Moment,
  type Name,
  type Range,
  refusalOf,
  type Surroundings,
} from './commands.ts'
import { md5, nameOf, printOf, type Thing } from './model.ts'

export function put(
  { model, announced }: Surroundings,
  wish: { at: Name; body: BodyName; note: string; if: Condition },
): Command {
  const { at, note } = wish
  const bytes = BODIES[wish.body]
  const condition = asked(wish.if, model.objects.get(nameOf(at)))
  const etag = md5(bytes)
  return {
    ask: async (client) => {
      const { code, headers } = await client.send('PUT', at, {
        headers: { ...inHeaders(condition), 'x-amz-meta-note': note },
        body: bytes,
      })
      return { code, etag: bare(headers.etag) }
    },
    moments: () => [
      ({ objects, told }) => {
        const refused = refusalOf(condition, objects.get(nameOf(at)))
        if (refused) return { code: refused, etag: undefined }
        objects.set(nameOf(at), { ...at, bytes, etag, note })
        if (at.bucket === announced) told.push(`${at.key} ${etag}`)
        return { code: 'ok', etag }
      },
    ],
  }
}

export function get(_: Surroundings, { at, range }: { at: Name; range: Range | undefined }): Command {
  return {
    ask: async (client) => {
      const reply = await client.send('GET', at, { headers: { range: range && `bytes=${range[0]}-${range[1]}` } })
      if (reply.code !== 'ok') return { code: reply.code }
      return { code: 'ok', etag: bare(reply.headers.etag), found: printOf(reply.body) }
    },
    moments: () => [
      ({ objects }) => {
        const thing = objects.get(nameOf(at))
        if (!thing) return { code: 'NoSuchKey' }
        if (!range) return { code: 'ok', etag: thing.etag, found: printOf(thing.bytes) }
        if (range[0] >= thing.bytes.length) return { code: 'InvalidRange' }
        return { code: 'ok', etag: thing.etag, found: printOf(thing.bytes.subarray(range[0], range[1] + 1)) }
      },
    ],
  }
}

export function remove({ model }: Surroundings, wish: { at: Name; if: Condition }): Command {
  const { at } = wish
  // There is no deletion of what is not there.
  const condition = asked(wish.if === 'nothing there' ? 'always' : wish.if, model.objects.get(nameOf(at)))
  return {
    ask: async (client) => ({ code: (await client.send('DELETE', at, { headers: inHeaders(condition) })).code }),
    moments: () => [
      ({ objects }) => {
        const refused = refusalOf(condition, objects.get(nameOf(at)))
        if (!refused) objects.delete(nameOf(at))
        return { code: refused ?? 'ok' }
      },
    ],
  }
}

/** Several at once: all that may go are gone in one moment. */
export function removeMany({ model }: Surroundings, wish: { bucket: string; each: [string, Condition][] }): Command {
  const { bucket } = wish
  const each = wish.each.map(([key, condition]) => ({
    at: { bucket, key },
    condition: asked(condition === 'nothing there' ? 'always' : condition, model.objects.get(nameOf({ bucket, key }))),
  }))
  return {
    ask: async (client) => {
      const list = each.map(({ at, condition }) => {
        const etag = condition.ifMatch === undefined ? '' : `<ETag>${condition.ifMatch}</ETag>`
        return `<Object><Key>${at.key}</Key>${etag}</Object>`
      })
      const body = `<Delete>${list.join('')}</Delete>`
      const { code, text } = await client.send('POST', bucket, { query: { delete: '' }, body })
      if (code !== 'ok') return { code }
      const errors = [...text.matchAll(/<Error>.*?<\/Error>/gs)].map(([error]) => [
        elements(error, 'Key')[0],
        elements(error, 'Code')[0],
      ])
      return { code, found: errors }
    },
    moments: () => [
      ({ objects }) => {
        const refused = each.map(({ at, condition }) => [at.key, refusalOf(condition, objects.get(nameOf(at)))])
        for (const [i, { at }] of each.entries()) if (!refused[i]![1]) objects.delete(nameOf(at))
        return { code: 'ok', found: refused.filter(([, code]) => code) }
      },
    ],
  }
}

/** @param note where it is not to be the source's */
export function copy(
  { model }: Surroundings,
  wish: { from: Name; to: Name; note: string | undefined; if: Condition; ifSource: Condition },
): Command {
  const { from, to, note } = wish
  const condition = asked(wish.if, model.objects.get(nameOf(to)))
  const { ifMatch } = asked(wish.ifSource, model.objects.get(nameOf(from)))
  return {
    ask: async (client) => {
      const { code, text } = await client.send('PUT', to, {
        headers: {
          ...inHeaders(condition),
          'x-amz-copy-source': pathOf(from),
          'x-amz-copy-source-if-match': ifMatch,
          'x-amz-metadata-directive': note === undefined ? undefined : 'REPLACE',
          'x-amz-meta-note': note,
        },
      })
      return code === 'ok' ? { code, etag: bare(elements(text, 'ETag')[0]) } : { code }
    },
    moments: () => {
      let source: Thing | undefined
      const look: Moment = ({ objects }) => {
        if (nameOf(from) === nameOf(to) && note === undefined) return { code: 'InvalidRequest' }
        source = objects.get(nameOf(from))
        if (!source) return { code: 'NoSuchKey' }
        const refused = refusalOf({ ifMatch, ifNoneMatch: undefined }, source)
        return refused === undefined ? undefined : { code: refused }
      }
      const write: Moment = ({ objects }): Answer => {
        const refused = refusalOf(condition, objects.get(nameOf(to)))
        if (refused) return { code: refused }
        const { bytes, etag } = source!
        objects.set(nameOf(to), { ...to, bytes, etag, note: note ?? source!.note })
        return { code: 'ok', etag }
      }
      return [look, write]
    },
  }
}

/** All pages. */
export function list(
  _: Surroundings,
  { bucket, prefix, delimiter, limit }: { bucket: string; prefix: string; delimiter: string; limit: number },
): Command {
  return {
    ask: async (client) => {
      const found: string[] = []
      for (let token: string | undefined = ''; token !== undefined; ) {
        const { code, text } = await client.send('GET', bucket, {
          query: {
            'list-type': '2',
            prefix,
            delimiter,
            'max-keys': String(limit),
            ...(token ? { 'continuation-token': token } : {}),
          },
        })
        if (code !== 'ok') return { code }
        const folded = elements(text.replace(/<Prefix>[^<]*<\/Prefix>/, ''), 'Prefix')
        found.push(...[...elements(text, 'Key'), ...folded].sort(inBytes))
        token = elements(text, 'NextContinuationToken')[0]
      }
      return { code: 'ok', found }
    },
    moments: () => [
      ({ objects }) => {
        const keys = [...objects.values()].filter((thing) => thing.bucket === bucket && thing.key.startsWith(prefix))
        const folded = keys.map(({ key }) => {
          const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
          return at < 0 ? key : key.slice(0, at + delimiter.length)
        })
        return { code: 'ok', found: [...new Set(folded)].sort(inBytes) }
      },
    ],
  }
}

export const inBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
