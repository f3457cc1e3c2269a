import { config } from 'zod'

// zod probes for `new Function`, which the page's content security policy reports. Imported before any schema is made.
config({ jitless: true })
