import { Share } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'reallocations',
  name: 'reallocations',
  title: { zh: '客户调配', en: 'Reallocations' },
  group: 'time',
  order: 220,
  icon: Share,
  needs: [
    'ownership.reallocation.read',
    'ownership.reallocation.propose',
    'ownership.reallocation.executor',
  ],
  component: () => import('./ReallocationsScreen.vue'),
})
