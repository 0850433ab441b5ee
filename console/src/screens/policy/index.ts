import { Notebook } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'policy',
  name: 'policy',
  title: { zh: '策略', en: 'Policy' },
  group: 'rules',
  order: 330,
  icon: Notebook,
  component: () => import('./PolicyScreen.vue'),
})
