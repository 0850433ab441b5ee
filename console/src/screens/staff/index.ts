import { User } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'staff',
  name: 'staff',
  title: { zh: '人员与名额', en: 'People and quotas' },
  group: 'company',
  order: 410,
  icon: User,
  needs: ['ownership.staff.read', 'ownership.staff.manage'],
  component: () => import('./StaffScreen.vue'),
})
