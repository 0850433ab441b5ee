import type { Plugin, Ref } from 'vue'
import { createI18n, useI18n } from 'vue-i18n'
import { defineTexts, type Texts } from './define'
import { shared } from './shared'

export { defineTexts }

/** The `t` of a component. */
export type Speak = (key: string, figures?: Record<string, unknown>) => string
export type Language = 'zh' | 'en'

interface Global {
  locale: Ref<Language>
  t: Speak
  te: (key: string) => boolean
}

const STORED = 'crm.language'

// The messages are typed by their catalogues; vue-i18n's own types would grow without end.
export const i18n = createI18n({
  legacy: false,
  locale: (localStorage.getItem(STORED) as Language | null) ?? 'zh',
  fallbackLocale: 'zh',
  // A room's catalogue leaves shared words to the shared one; a test knows of every key in use.
  missingWarn: false,
  fallbackWarn: false,
  messages: shared as never,
}) as unknown as Plugin & { global: Global }

export function language(): Language {
  return i18n.global.locale.value
}

/** Speak another language from now on, here and in what the API answers. */
export function speak(wanted: Language): void {
  i18n.global.locale.value = wanted
  localStorage.setItem(STORED, wanted)
  document.documentElement.lang = wanted === 'zh' ? 'zh-CN' : 'en'
}

/** The `t` of a screen's own catalogue, and of the shared one for what it does not have. */
export function useTexts<Zh extends object>(texts: Texts<Zh>) {
  const options = { useScope: 'local', messages: texts, inheritLocale: true } as never
  return useI18n(options) as unknown as { t: Speak }
}

export function useShared() {
  return useI18n({ useScope: 'global' }) as unknown as { t: Speak }
}

/** The sentence of a bilingual answer in the reader's language. */
export function said(sentence: { zh?: string; en?: string } | undefined | null): string {
  return (language() === 'zh' ? sentence?.zh : sentence?.en) ?? ''
}

/** The word of a catalogue's group for an identifier of the API; the identifier where there is none. */
export function word(group: string, name: string): string {
  const key = `${group}.${name}`
  return i18n.global.te(key) ? i18n.global.t(key) : name
}
