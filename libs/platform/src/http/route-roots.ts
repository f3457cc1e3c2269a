import type { FastifyInstance } from 'fastify'

const roots = new WeakMap<object, Set<string>>()

const rootOf = (path: string) => /^\/([^/?]*)/.exec(path)?.[1] ?? ''

/** Remembers under which first names there are routes, from now on. */
export function noteRoots(fastify: FastifyInstance): void {
  const known = new Set<string>()
  roots.set(fastify, known)
  fastify.addHook('onRoute', ({ url }) => {
    const root = rootOf(url)
    if (/^[\w.-]+$/.test(root)) known.add(root)
  })
}

/** Whether a path lies where routes are, be there one for it or not: `/videos/nothing/here` beside `/videos`. */
export const isBesideRoutes = (fastify: FastifyInstance, path: string): boolean =>
  roots.get(fastify)?.has(rootOf(path)) ?? false
