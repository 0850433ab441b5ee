import type { RouteRecordRaw } from 'vue-router'

/** The pages for a phone, under /m. Those with a `tab` stand in the bar at the bottom. */
export const phoneRoutes: RouteRecordRaw[] = [
  {
    path: '/m',
    component: () => import('./PhoneFrame.vue'),
    redirect: { name: 'm-home' },
    children: [
      { path: 'home', name: 'm-home', component: () => import('./HomePage.vue') },
      { path: 'customers', name: 'm-customers', component: () => import('./CustomersPage.vue') },
      {
        path: 'customers/:id',
        name: 'm-customer',
        props: true,
        component: () => import('./CustomerPage.vue'),
      },
      {
        path: 'customers/:id/follow-up',
        name: 'm-follow-up',
        props: true,
        component: () => import('./FollowUpPage.vue'),
      },
      { path: 'pool', name: 'm-pool', component: () => import('./PoolPage.vue') },
      {
        path: 'new-customer',
        name: 'm-new-customer',
        component: () => import('./NewCustomerPage.vue'),
      },
      { path: 'check', name: 'm-check', component: () => import('./CheckPage.vue') },
      { path: 'review', name: 'm-review', component: () => import('./ReviewPage.vue') },
      {
        path: 'review/:id',
        name: 'm-case',
        props: true,
        component: () => import('./CasePage.vue'),
      },
      { path: 'me', name: 'm-me', component: () => import('./MePage.vue') },
    ],
  },
]
