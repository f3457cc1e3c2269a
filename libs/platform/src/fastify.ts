/** What any Fastify server of ours needs, with Nest or without. */
export { closeIdleConnections } from './http/close-idle-connections.ts'
export { measureRequests } from './http/measure-requests.ts'
export { isBesideRoutes, noteRoots } from './http/route-roots.ts'
