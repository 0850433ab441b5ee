import type { RouteRecordRaw } from 'vue-router'

/** The pages for a phone, under /m. */
export const phoneRoutes: RouteRecordRaw[] = [
  {
    path: '/m',
    component: () => import('./PhoneFrame.vue'),
    redirect: { name: 'm-home' },
    children: [{ path: 'home', name: 'm-home', component: () => import('./HomePage.vue') }],
  },
]
