import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@balcao/kernel'
import { isBesideRoutes } from '@balcao/platform/fastify'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** Serves the built page: its files as they are, and its entrance for every path that a browser navigates to, but for those
 *  where the APIs and files are: what is missing there is told as what it is.
 *  @param root folder with index.html  @param publicUrl the one address under which the page may be opened */
export async function serveWeb(fastify: FastifyInstance, root: string, publicUrl: string): Promise<void> {
  const home = new URL(publicUrl)
  const page = await readFile(join(root, 'index.html'), 'utf8').catch(() => {
    throw new AppError(
      'unavailable',
      'web/not_built',
      `The page is not built: ${root} is missing. Run "npm run build".`,
    )
  })

  fastify.addHook('onRequest', async (request, reply) => {
    // SameSite counts all names and ports of a host alike, so the page is only ever used under one name.
    if (isNavigation(request.headers) && request.headers.host !== home.host) {
      return reply.redirect(home.origin + request.url, 307)
    }
  })
  await fastify.register(fastifyStatic, {
    root,
    wildcard: false,
    index: false,
    preCompressed: true,
    setHeaders: (reply, path) => {
      // Vite puts a hash into the names below assets/.
      reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  fastify.addHook('preHandler', async (request, reply) => {
    const isReading = request.method === 'GET' || request.method === 'HEAD'
    // Its entrance also for who says nothing of the kind: curl, or a proxy that asks whether anybody is there.
    if (!request.is404 || !isReading || isBesideRoutes(fastify, request.url)) return
    if (isNavigation(request.headers) || /^\/(\?|$)/.test(request.url)) {
      return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(page)
    }
  })
}

function isNavigation(headers: { accept?: string | undefined }): boolean {
  return headers.accept?.includes('text/html') ?? false
}
