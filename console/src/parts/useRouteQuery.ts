import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** A text that the address keeps under `name`; left out of it while it has its usual value. */
export function useRouteQuery(name: string, usual = '') {
  const route = useRoute()
  const router = useRouter()
  return computed<string>({
    get: () => String(route.query[name] ?? usual),
    set: (value) =>
      void router.replace({
        query: { ...route.query, [name]: !value || value === usual ? undefined : value },
      }),
  })
}
