import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import packed, { inflate } from '@sparticuz/chromium'

const home = dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')))

/** The browser that npm brings, unpacked once into `node_modules/.cache` with the libraries that a bare machine lacks
 *  (nss, nspr). @returns the program, and the environment it needs */
export async function unpackChromium(): Promise<{ executablePath: string; env: Record<string, string> }> {
  const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache')
  const kept = join(cache, 'chromium')
  if (!existsSync(kept)) {
    // The package unpacks into the temporary folder, whichever that is, and trusts whatever it finds there:
    // a folder of our own is renamed only once it is whole.
    await mkdir(cache, { recursive: true })
    const fresh = await mkdtemp(join(cache, 'chromium-new-'))
    const { TMPDIR } = process.env
    process.env.TMPDIR = fresh
    try {
      await packed.executablePath()
      await inflate(join(home, 'bin', 'al2023.tar.br'))
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = TMPDIR
    }
    await writeFile(join(fresh, 'fonts', 'fonts.conf'), fontsIn(join(kept, 'fonts')))
    await rename(fresh, kept).catch(() => rm(fresh, { recursive: true, force: true }))
  }
  return {
    executablePath: join(kept, 'chromium'),
    env: { LD_LIBRARY_PATH: join(kept, 'al2023', 'lib'), FONTCONFIG_PATH: join(kept, 'fonts') },
  }
}

/** The package's own file names folders of a Lambda. */
const fontsIn = (dir: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${dir}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${dir}/cache</cachedir>
</fontconfig>
`
