import { Ship } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'pool',
  name: 'pool',
  title: { zh: '公海', en: 'Public pool' },
  group: 'customers',
  order: 120,
  icon: Ship,
  needs: ['ownership.pool.list'],
  component: () => import('./PoolScreen.vue'),
})
