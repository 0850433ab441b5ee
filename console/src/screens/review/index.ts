import { Stamp } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'review',
  name: 'review',
  title: { zh: '审核', en: 'Review' },
  group: 'work',
  order: 20,
  icon: Stamp,
  component: () => import('./ReviewScreen.vue'),
})
