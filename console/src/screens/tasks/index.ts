import { List } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'tasks',
  name: 'tasks',
  title: { zh: '待办', en: 'Tasks' },
  group: 'work',
  order: 20,
  icon: List,
  component: () => import('./TasksScreen.vue'),
})
