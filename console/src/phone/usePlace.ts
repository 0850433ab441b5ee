import { computed, ref, shallowRef } from 'vue'
import type { Schemas } from '@/api/client'
import { useTexts } from '@/texts'
import { texts } from './texts'

const OPTIONS = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 }

/** Where the phone is, when its owner asks for it and allows it. */
export function usePlace() {
  const { t } = useTexts(texts)
  const known = shallowRef<Schemas['activity.v1.Place']>()
  const state = ref<'unasked' | 'asking' | 'known' | 'refused'>('unasked')

  function locate(): void {
    if (!('geolocation' in navigator)) {
      state.value = 'refused'
      return
    }
    state.value = 'asking'
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        known.value = {
          latitude: coords.latitude,
          longitude: coords.longitude,
          accuracy_metres: Math.round(coords.accuracy),
        }
        state.value = 'known'
      },
      () => (state.value = 'refused'),
      OPTIONS,
    )
  }

  const words = computed(() =>
    state.value === 'known'
      ? t('whereabouts.known', { metres: known.value?.accuracy_metres ?? 0 })
      : t(`whereabouts.${state.value}`),
  )
  return { known, words, locate }
}
