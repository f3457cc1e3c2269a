import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const api = 'http://127.0.0.1:3000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    target: 'es2022',
    // The page's content security policy allows neither data: fonts nor inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The player (hls.js with media-chrome) is the one large chunk; it loads on /assistir only.
    chunkSizeWarningLimit: 800,
  },
  server: { port: 5173, proxy: { '/auth': api, '/videos': api, '/dev': api } },
})
