import { h264, openClips } from '../../apps/video-service/test/clips.ts'

/** What people send in a soak, and whether it is a film. */
export interface Sent {
  readonly kind: string
  readonly path: string
  readonly film: boolean
}

const hevc = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-pix_fmt', 'yuv420p']
const size = '640x360'

/** Makes one of each kind. @returns how often each is sent beside it, and how to forget them */
export async function makeFilms() {
  const clips = await openClips()
  const made: Record<string, { path: string; film: boolean; chance: number }> = {
    'served as it is': {
      path: await clips.film('inteiro.mp4', [...h264, '-movflags', '+faststart'], { size }),
      film: true,
      chance: 6,
    },
    remuxed: { path: await clips.film('embalado.mkv', h264, { size, seconds: 6 }), film: true, chance: 3 },
    'sound encoded': {
      path: await clips.film('som em ac3.mkv', [...h264, '-c:a', 'ac3'], { size, seconds: 6 }),
      film: true,
      chance: 2,
    },
    encoded: {
      path: await clips.film('celular.mov', [...hevc, '-c:a', 'aac'], { size, seconds: 6 }),
      film: true,
      chance: 3,
    },
    long: {
      path: await clips.film('longo.mkv', [...hevc, '-c:a', 'aac'], { size, seconds: 40 }),
      film: true,
      chance: 1,
    },
    gif: {
      path: await clips.film('figura.gif', ['-an'], { size: '160x120', seconds: 2, rate: 10 }),
      film: true,
      chance: 2,
    },
    sound: { path: await clips.film('áudio.m4a', ['-vn', '-c:a', 'aac'], { seconds: 5 }), film: true, chance: 2 },
    text: { path: await clips.text('recado.mp4', 'Isto não é um vídeo.\n'.repeat(200)), film: false, chance: 2 },
    'a playlist under the name of a film': {
      path: await clips.text(
        'lista.mp4',
        '#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n',
      ),
      film: false,
      chance: 2,
    },
  }
  return {
    of: (kind: string): Sent => ({ kind, path: made[kind]!.path, film: made[kind]!.film }),
    chances: Object.fromEntries(Object.entries(made).map(([kind, { chance }]) => [kind, chance])),
    remove: () => clips.remove(),
  }
}
export type Films = Awaited<ReturnType<typeof makeFilms>>
