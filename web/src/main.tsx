import './zod-without-eval.ts'
import '@fontsource-variable/inter/index.css'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './base.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { live, queryClient } from './app/live.ts'
import { router } from './app/router.tsx'
import { LanguageProvider } from './i18n/language.tsx'
import { session } from './session/session.ts'
import { forgetFlow } from './sign-in/flow.ts'
import { cssVariables, theme } from './theme.ts'
import { Notices } from './ui/notices.tsx'
import { forgetNotices } from './ui/undo-notice.tsx'
import { forgetUploads, recallUploads } from './upload/uploads.ts'

/** The same name as in public/first-paint.js, which chooses before React is there. */
const colorScheme = localStorageColorSchemeManager({ key: 'balcao.aparencia' })

let before = session.state
session.subscribe(() => {
  const known = before !== 'unknown'
  before = session.state
  if (session.state === 'in') {
    forgetFlow()
    live.start()
    // The library works without this list; it comes with the next reload then.
    void recallUploads().catch(() => undefined)
  } else {
    live.stop()
    forgetUploads()
    forgetNotices()
    queryClient.clear()
  }
  // The guards of the pages decide again. At the first answer they are deciding already.
  if (known) void router.invalidate()
})

createRoot(document.getElementById('root')!).render(
  <MantineProvider
    theme={theme}
    cssVariablesResolver={cssVariables}
    colorSchemeManager={colorScheme}
    defaultColorScheme="auto"
  >
    <LanguageProvider>
      <QueryClientProvider client={queryClient}>
        <Notices />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </LanguageProvider>
  </MantineProvider>,
)
