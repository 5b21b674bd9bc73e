import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where `vite` alone sends what is not its own: a server that was started beside it. */
const SERVER = 'http://127.0.0.1:8001'

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    // A data: address would need its own permission in the content security policy.
    assetsInlineLimit: 0,
    // Read by the test that measures what the first page loads.
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // What every page needs, as one file: smaller when it is compressed than the thirty that pages would share.
      output: { codeSplitting: { groups: [{ name: 'frame', tags: ['$initial'] }] } },
    },
  },
  server: { proxy: { '/api': SERVER } },
})
