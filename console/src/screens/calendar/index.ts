import { Calendar } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'calendar',
  name: 'calendar',
  title: { zh: '日历与请假', en: 'Calendar and leave' },
  group: 'time',
  order: 230,
  icon: Calendar,
  component: () => import('./CalendarScreen.vue'),
})
