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
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  server: { proxy: { '/v1': gateway, '/session': gateway } },
  test: { environment: 'jsdom', server: { deps: { inline: ['element-plus', 'vant'] } } },
})
