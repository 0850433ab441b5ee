import { Monitor } from '@element-plus/icons-vue'
import { SERVICES } from '@/api/permissions'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'system',
  name: 'system',
  title: { zh: '系统', en: 'System' },
  group: 'company',
  order: 490,
  icon: Monitor,
  needs: [
    'scheduler.read.clocks',
    'scheduler.read.runs',
    ...SERVICES.flatMap((service) => [
      `${service}.operations.operate`,
      `${service}.operations.apply_policy`,
    ]),
  ],
  component: () => import('./SystemScreen.vue'),
})
