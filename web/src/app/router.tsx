import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { returnPath } from '../session/return-path.ts'
import { session } from '../session/session.ts'
import { Trouble } from '../ui/trouble.tsx'
import { NotFound } from './not-found.tsx'
import { Shell } from './shell.tsx'

const root = createRootRoute({
  component: Outlet,
  errorComponent: ({ error }) => (
    <main>
      <Trouble error={error} onRetry={() => window.location.reload()} />
    </main>
  ),
})

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/biblioteca', replace: true })
  },
})

interface ComingIn {
  /** Where the person wanted to go. */
  volta?: string | undefined
  /** What to say above the first question. */
  aviso?: 'confirmado' | undefined
}

const comingIn = (search: Record<string, unknown>): ComingIn => ({
  ...(typeof search.volta === 'string' ? { volta: search.volta } : {}),
  ...(search.aviso === 'confirmado' ? { aviso: search.aviso } : {}),
})

/** Whoever is in already goes on to where they wanted to be. */
const onlyOutside = async ({ search }: { search: ComingIn }) => {
  if (await session.known()) throw redirect({ href: returnPath(search.volta), replace: true })
}

const outside = { getParentRoute: () => root, validateSearch: comingIn, beforeLoad: onlyOutside } as const

const signIn = createRoute({
  ...outside,
  path: '/entrar',
  component: lazyRouteComponent(() => import('../sign-in/sign-in-page.tsx'), 'SignInPage'),
})
const signUp = createRoute({
  ...outside,
  path: '/criar-conta',
  component: lazyRouteComponent(() => import('../sign-in/sign-up-page.tsx'), 'SignUpPage'),
})
const confirm = createRoute({
  ...outside,
  path: '/confirmar',
  component: lazyRouteComponent(() => import('../sign-in/confirm-page.tsx'), 'ConfirmPage'),
})
const secondFactor = createRoute({
  ...outside,
  path: '/segundo-fator',
  component: lazyRouteComponent(() => import('../sign-in/second-factor-page.tsx'), 'SecondFactorPage'),
})

/** Open to all, but whoever is signed in keeps their menu. */
const openToAll = { getParentRoute: () => root, beforeLoad: () => session.known().then(() => undefined) } as const

const missing = createRoute({
  ...openToAll,
  path: '$',
  component: () => (
    <Shell>
      <NotFound />
    </Shell>
  ),
})

const MailboxPage = lazyRouteComponent(() => import('../mailbox/mailbox-page.tsx'), 'MailboxPage')
const mailbox = createRoute({
  ...openToAll,
  path: '/caixa-de-teste',
  component: () => (
    <Shell>
      <MailboxPage />
    </Shell>
  ),
})

/** Everything that needs a person. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'dentro',
  beforeLoad: async ({ location }) => {
    if (await session.known()) return
    throw redirect({ to: '/entrar', search: session.leftOnPurpose ? {} : { volta: location.href }, replace: true })
  },
  component: () => (
    <Shell>
      <Outlet />
    </Shell>
  ),
  errorComponent: ({ error }) => (
    <Shell>
      <Trouble error={error} onRetry={() => window.location.reload()} />
    </Shell>
  ),
})

interface LibrarySearch {
  ordem?: 'newest' | 'oldest' | 'title' | undefined
  lixeira?: boolean | undefined
}

const library = createRoute({
  getParentRoute: () => inside,
  path: '/biblioteca',
  validateSearch: (search: Record<string, unknown>): LibrarySearch => ({
    ...(search.ordem === 'oldest' || search.ordem === 'title' ? { ordem: search.ordem } : {}),
    ...(search.lixeira === true ? { lixeira: true } : {}),
  }),
  component: lazyRouteComponent(() => import('../library/library-page.tsx'), 'LibraryPage'),
})
const watch = createRoute({
  getParentRoute: () => inside,
  path: '/assistir/$id',
  component: lazyRouteComponent(() => import('../player/watch-page.tsx'), 'WatchPage'),
})
const account = createRoute({
  getParentRoute: () => inside,
  path: '/conta',
  component: lazyRouteComponent(() => import('../account/account-page.tsx'), 'AccountPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    signIn,
    signUp,
    confirm,
    secondFactor,
    mailbox,
    missing,
    inside.addChildren([library, watch, account]),
  ]),
  defaultPreload: 'intent',
  // Guards ask the session, which knows: preloading them again costs nothing.
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultViewTransition: false,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
