import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import { loadPermissions } from './api/permissions'
import { renew, session } from './api/session'
import { phoneRoutes } from './phone/routes'
import { screens } from './screens/screen'

declare module 'vue-router' {
  interface RouteMeta {
    /** Open without being signed in. */
    open?: boolean
  }
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    {
      path: '/sign-in',
      name: 'sign-in',
      component: () => import('./shell/SignIn.vue'),
      meta: { open: true },
    },
    {
      path: '/',
      component: () => import('./shell/AppFrame.vue'),
      redirect: { name: 'desk' },
      children: screens.map(({ path, name, component }) => ({ path, name, component })),
    },
    ...phoneRoutes,
    { path: '/:rest(.*)*', name: 'nowhere', component: () => import('./shell/Nowhere.vue') },
  ],
})

const SMALL = '(max-width: 640px)'

/** The code of a page is fetched while it is asked who the reader is. */
function fetchAhead({ matched }: RouteLocationNormalized): void {
  for (const { components } of matched) {
    for (const load of Object.values(components ?? {})) {
      if (typeof load === 'function') void (load as () => Promise<unknown>)().catch(() => null)
    }
  }
}

router.beforeEach(async (to, from) => {
  const entered = from.matched.length === 0 || from.name === 'sign-in'
  if (entered && to.name === 'desk' && matchMedia(SMALL).matches) return { name: 'm-home' }
  if (!session.asked) {
    fetchAhead(to)
    await renew().catch(() => null)
    if (session.person) await loadPermissions()
  }
  if (!session.person && !to.meta.open) {
    return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  }
  return true
})
