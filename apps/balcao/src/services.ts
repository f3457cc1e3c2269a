import type { Part, Service } from '@balcao/platform'

interface Entry {
  readonly parts: readonly Part[]
  load(): Promise<Service>
}

/** Everything that Balcão can run, loaded only where it is chosen: a user pool needs no ffmpeg and no Nest. */
const catalogue: readonly Entry[] = [
  { parts: ['user-pool'], load: async () => (await import('@balcao/user-pool')).userPool },
  { parts: ['object-store'], load: async () => (await import('@balcao/object-store')).objectStore },
  { parts: ['auth'], load: async () => (await import('@balcao/auth-service')).authService },
  {
    parts: ['video-upload', 'video-download', 'video-processor'],
    load: async () => (await import('@balcao/video-service')).videoService,
  },
]

/** The services to which any of these parts belong. */
export function chosenServices(parts: ReadonlySet<Part>): Promise<Service[]> {
  return Promise.all(
    catalogue.filter((entry) => entry.parts.some((part) => parts.has(part))).map((entry) => entry.load()),
  )
}
