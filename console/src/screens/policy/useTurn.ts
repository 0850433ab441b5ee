import { useTimeoutFn } from '@vueuse/core'
import { computed, watch } from 'vue'

/** After the time itself: the server's clock may be behind this one. */
const LATER_MS = 2_000
/** Browsers cannot wait longer; a page is not open for so long either. */
const MOST_MS = 2 ** 31 - 1

/** Ask again when a planned version takes over: it was announced when it was applied, not then. */
export function useTurn(next: () => string | undefined, reload: () => unknown): void {
  const wait = computed(() => Date.parse(next() ?? '') - Date.now() + LATER_MS)
  const { start, stop } = useTimeoutFn(reload, wait, { immediate: false })
  watch(
    next,
    () => {
      stop()
      if (wait.value > 0 && wait.value < MOST_MS) start()
    },
    { immediate: true },
  )
}
