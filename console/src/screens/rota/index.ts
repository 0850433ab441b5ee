import { Timer } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'rota',
  name: 'rota',
  title: { zh: '值班', en: 'Duty rota' },
  group: 'time',
  order: 240,
  icon: Timer,
  needs: ['ownership.rota.read'],
  component: () => import('./RotaScreen.vue'),
})
