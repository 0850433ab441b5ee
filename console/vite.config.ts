import { fileURLToPath } from 'node:url'
import { VantResolver } from '@vant/auto-import-resolver'
import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import Components from 'unplugin-vue-components/vite'
import { compression } from 'vite-plugin-compression2'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const gateway = process.env.CRM_GATEWAY ?? 'http://127.0.0.1:8080'

/** Vant's icons come as data; the copy on a foreign host that they fall back to is left out. */
const noForeignFonts: Plugin = {
  name: 'no-foreign-fonts',
  enforce: 'pre',
  transform: (code, id) =>
    id.includes('vant') && id.includes('.css')
      ? code.replace(/,\s*url\(["']?(https?:)?\/\/[^)]*\)\s*format\(["']?woff["']?\)/g, '')
      : undefined,
}

/** What most pages of a kind need comes in one file instead of dozens, each with its way to the server. */
const SHARED = [
  {
    name: 'every',
    test: /node_modules\/(vue|@vue|vue-router|vue-i18n|@intlify|@vueuse|@element-plus\/icons-vue)\//,
    // Taken first, so that no other group has what every page needs.
    priority: 2,
  },
  { name: 'desktop', test: /node_modules\/element-plus\//, minShareCount: 12, priority: 1 },
  { name: 'phone', test: /node_modules\/@?vant\//, minShareCount: 3, priority: 1 },
]

export default defineConfig({
  plugins: [
    noForeignFonts,
    vue(),
    // Only the components that a template names are bundled, with their styles.
    Components({ dirs: [], resolvers: [ElementPlusResolver(), VantResolver()] }),
    compression({ threshold: 1024 }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: { __VUE_OPTIONS_API__: true, __VUE_I18N_FULL_INSTALL__: false },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { codeSplitting: { groups: SHARED } } },
  },
  server: { proxy: { '/v1': gateway, '/session': gateway } },
  test: {
    environment: 'jsdom',
    server: { deps: { inline: ['element-plus', 'vant'] } },
    // A test that hangs ends; a machine that is slow fails none.
    testTimeout: 60_000,
  },
})
