import { House } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'desk',
  name: 'desk',
  title: { zh: '工作台', en: 'Desk' },
  group: 'work',
  order: 10,
  icon: House,
  component: () => import('./DeskScreen.vue'),
})
