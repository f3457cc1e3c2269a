import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin, type UserConfig } from 'vite'

const api = 'http://127.0.0.1:3000'

/** Writes `.br` and `.gz` beside what compresses, so that the server only picks one. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    async writeBundle({ dir }) {
      for (const file of await readdir(dir!, { recursive: true })) {
        if (!/\.(js|css|svg)$/.test(file)) continue
        const path = join(dir!, file)
        const bytes = await readFile(path)
        await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }))
        const params = { [constants.BROTLI_PARAM_QUALITY]: 9 }
        await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, { params }))
      }
    },
  }
}

const config: UserConfig = {
  root: import.meta.dirname,
  plugins: [react(), compressed()],
  build: {
    target: 'es2022',
    // The page's content security policy allows neither data: fonts nor inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The player (hls.js with media-chrome) is the one large chunk; it loads on /assistir only.
    chunkSizeWarningLimit: 800,
  },
  server: { port: 5173, proxy: { '/auth': api, '/videos': api, '/dev': api } },
}

export default defineConfig(({ command }) => {
  // Tests and shells that set it otherwise would build React's slow and large development half.
  if (command === 'build') process.env.NODE_ENV = 'production'
  return config
})
